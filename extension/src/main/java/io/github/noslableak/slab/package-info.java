/**
 * Slab caches: the catalogue of their names, exact counters, and quiescing. Knows the kernel
 * package alone.
 */
@NullMarked
package io.github.noslableak.slab;

import org.jspecify.annotations.NullMarked;
