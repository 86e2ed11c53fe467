package io.github.noslableak.object;

import java.util.List;

/**
 * What points at some objects.
 *
 * @param found from where
 * @param objects how many objects were searched for
 * @param pointedAt at how many of them something points that is sure to be alive
 * @param searchedBytes how much memory was looked through
 * @param whole whether that was all that is looked through: else there may be more
 */
public record Pointers(
    List<Pointer> found, int objects, int pointedAt, long searchedBytes, boolean whole) {

  public Pointers {
    found = List.copyOf(found);
  }
}
