package io.github.noslableak.kernel;

/** What /proc/sys/vm/drop_caches takes (fs/drop_caches.c). */
public final class DropCaches {

  /** Page cache (1), dentries and inodes (2). Never added to 4: 6.1 takes no number above 4. */
  public static final String ALL = "3";

  /** Dentries and inodes alone. */
  public static final String DENTRIES_AND_INODES = "2";

  /**
   * Not one line in the kernel log for each drop, which would push the log's other messages out.
   * The kernel remembers it until the next boot.
   */
  public static final String SILENTLY = "4";

  private DropCaches() {}
}
