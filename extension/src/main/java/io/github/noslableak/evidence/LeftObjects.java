package io.github.noslableak.evidence;

import java.util.Set;

/** Tells where what is left lies in the kernel's memory. */
public interface LeftObjects {

  /**
   * An object that is left.
   *
   * @param cache its cache's name
   * @param address where it lies
   */
  record At(String cache, long address) {}

  /** Returns those that are left by now; each time that it is asked, for they may go. */
  Set<At> now();

  /** Returns that of a measurement whose allocations were not followed. */
  static LeftObjects unknown() {
    return Set::of;
  }
}
