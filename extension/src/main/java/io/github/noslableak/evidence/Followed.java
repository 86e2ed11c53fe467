package io.github.noslableak.evidence;

import java.util.Optional;
import java.util.Set;

/** What a ledger knows of the objects that are left; nothing where there is none. */
public interface Followed {

  /**
   * An object that is left.
   *
   * @param cache its cache's name
   * @param address where it lies in the kernel's memory
   * @param task the task that allocated it; 0 for an interrupt
   * @param time when, by {@link System#nanoTime()}; 0 for an interrupt
   */
  record At(String cache, long address, int task, long time) {}

  /** Returns those of some caches that are left by now; each time that it is asked: they may go. */
  Set<At> left(Set<String> caches);

  /**
   * Returns the numbers of the processes that allocated on the test's account what is left of some
   * caches; empty where allocations were not followed.
   */
  Optional<Set<Integer>> allocators(Set<String> caches);

  /** Returns those of them that descend from this JVM. */
  Set<Integer> descendants(Set<String> caches);

  /** Returns that of a measurement whose allocations were not followed. */
  static Followed none() {
    return new Followed() {
      @Override
      public Set<At> left(Set<String> caches) {
        return Set.of();
      }

      @Override
      public Optional<Set<Integer>> allocators(Set<String> caches) {
        return Optional.empty();
      }

      @Override
      public Set<Integer> descendants(Set<String> caches) {
        return Set.of();
      }
    };
  }
}
