package io.github.noslableak.books;

import io.github.noslableak.proc.Owner;
import io.github.noslableak.trace.Frame;
import io.github.noslableak.verdict.Whose;
import java.util.List;

/**
 * Objects of one cache that one task allocated in one way and that are left.
 *
 * @param whose whose they are
 * @param owner who allocated them
 * @param objects how many
 * @param stack the functions that allocated them, innermost first
 * @param iteration the first iteration in which one of them was allocated, from 1 on
 */
public record Allocated(
    String cache, Whose whose, Owner owner, long objects, List<Frame> stack, int iteration) {

  public Allocated {
    stack = List.copyOf(stack);
  }
}
