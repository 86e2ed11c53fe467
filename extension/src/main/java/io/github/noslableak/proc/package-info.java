/** Processes and their descriptors, as /proc tells them. Knows the kernel package alone. */
@NullMarked
package io.github.noslableak.proc;

import org.jspecify.annotations.NullMarked;
