/**
 * The kernel's ring buffer: an instance of tracing, its formats and pages, symbols. Knows what lies
 * in the files of tracefs and not what is made of the events.
 */
@NullMarked
package io.github.noslableak.trace;

import org.jspecify.annotations.NullMarked;
