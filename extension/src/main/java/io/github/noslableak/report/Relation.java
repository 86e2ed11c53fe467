package io.github.noslableak.report;

import io.github.noslableak.verdict.Whose;

/**
 * What a process that holds something is to this JVM. That is another question than {@link Whose},
 * on whose account an object was made: by the kernel itself too, and by processes that are gone.
 */
public enum Relation {
  SELF,
  CHILD,
  /** Started by the test while the body was run again, and still running. */
  STARTED,
  NONE
}
