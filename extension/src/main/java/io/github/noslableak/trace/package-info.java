/**
 * Evidence: who allocated what is left, from the kernel's own tracing. Knows the kernel package and
 * the files of tracefs and /proc; knows neither JUnit nor verdicts nor reports.
 */
@NullMarked
package io.github.noslableak.trace;

import org.jspecify.annotations.NullMarked;
