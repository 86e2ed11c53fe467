package io.github.noslableak.trace.ref;

import io.github.noslableak.trace.Frame;
import java.util.List;

/**
 * Which references modules took and did not return, as far as a ledger saw it.
 *
 * @param culprits most references first; none where everything that was taken was returned
 * @param events calls that were recorded
 * @param lostEvents calls that were not recorded, or too late. Where it is not 0, references may be
 *     missing here, and others be listed that were returned
 */
public record ReferenceBalance(List<Culprit> culprits, long events, long lostEvents) {

  public ReferenceBalance {
    culprits = List.copyOf(culprits);
  }

  /**
   * A function of the kernel, and the function that called it.
   *
   * @param function such as {@code path_get}
   * @param caller a function of a module
   */
  public record Call(String function, Frame caller) {}

  /**
   * Calls that were given NULL instead of what they were to return.
   *
   * @param calls how many
   */
  public record GivenNull(Call call, long calls) {}

  /**
   * A function that took references that were not returned; or several that took them on the same
   * objects, where nothing tells whose it was.
   *
   * @param takers the calls that took them, one at least
   * @param onMounts whether they are missing on mounts, and not on dentries or files
   * @param taken how many these calls took in all
   * @param unreturned how many of them were not returned
   * @param objects on how many objects
   * @param names the names of these objects, as far as they are dentries with names; sorted
   * @param returners calls that returned others of them
   * @param givenNull calls in the same module that return such references, and were given NULL
   */
  public record Culprit(
      List<Call> takers,
      boolean onMounts,
      long taken,
      long unreturned,
      long objects,
      List<String> names,
      List<Call> returners,
      List<GivenNull> givenNull) {

    public Culprit {
      takers = List.copyOf(takers);
      names = List.copyOf(names);
      returners = List.copyOf(returners);
      givenNull = List.copyOf(givenNull);
    }
  }
}
