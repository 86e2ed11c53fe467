/**
 * What every reader of the kernel stands on: files under /proc and /sys, libc, rights, memory of
 * this JVM, the lock of the machine. Knows nothing of slab caches, tests or verdicts.
 */
@NullMarked
package io.github.noslableak.kernel;

import org.jspecify.annotations.NullMarked;
