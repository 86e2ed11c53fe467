/** The file of known leaks: its lines, what a build observed, and what a leak is held against. */
@NullMarked
package io.github.noslableak.baseline;

import org.jspecify.annotations.NullMarked;
