/**
 * Evidence: sources that look at the machine before a body is run again and after, and say who
 * holds what and where it came from. Knows no verdict of its own.
 */
@NullMarked
package io.github.noslableak.evidence;

import org.jspecify.annotations.NullMarked;
