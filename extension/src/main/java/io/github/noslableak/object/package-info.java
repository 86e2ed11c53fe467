/** Kernel objects, as they lie in memory: what they are of, and how many references they have. */
@NullMarked
package io.github.noslableak.object;

import org.jspecify.annotations.NullMarked;
