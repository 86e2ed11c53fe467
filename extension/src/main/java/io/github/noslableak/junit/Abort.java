package io.github.noslableak.junit;

import org.opentest4j.TestAbortedException;

/** Tells an aborted test from a failed one, as JUnit does. */
public final class Abort {

  /** What the assumptions of JUnit 4 throw, where that is on the class path too. */
  private static final String OF_JUNIT_4 = "org.junit.internal.AssumptionViolatedException";

  private Abort() {}

  /** Returns whether what a test threw aborts it. */
  public static boolean isOne(Throwable thrown) {
    boolean ofJunit4 = false;
    for (Class<?> type = thrown.getClass(); type != null; type = type.getSuperclass()) {
      ofJunit4 |= type.getName().equals(OF_JUNIT_4);
    }
    return ofJunit4 || thrown instanceof TestAbortedException;
  }
}
