/**
 * What dumps of a machine say about a leak: which caches, how fast, until when, and which test
 * would have seen it. Judges, and knows no file and no text of a report.
 */
@NullMarked
package io.github.noslableak.diagnosis;

import org.jspecify.annotations.NullMarked;
