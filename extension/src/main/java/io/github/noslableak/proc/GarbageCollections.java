package io.github.noslableak.proc;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Garbage collections: they close what a forgotten close() left to a Cleaner. Whether one happens
 * to run while a test is measured is chance, and must not decide a verdict.
 */
public final class GarbageCollections {

  /** A Cleaner's thread closes what a collection found, some time after it. */
  private static final long CLEANER_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(30);

  private GarbageCollections() {}

  /** Collects and returns the descriptors of this JVM that this closed. */
  public static Descriptors collect() {
    Descriptors before = Descriptors.ofThisJvm();
    System.gc();
    LockSupport.parkNanos(CLEANER_PAUSE_NANOS);
    return before.without(Descriptors.ofThisJvm());
  }

  /** Returns how often garbage has been collected until now, by all collectors of this JVM. */
  public static long count() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .mapToLong(GarbageCollectorMXBean::getCollectionCount)
        .sum();
  }
}
