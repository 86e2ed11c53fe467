/**
 * What the kernel says about its slab caches: names, exact counters, quiescing, and what this
 * kernel and these rights allow. Knows files and system calls; knows neither JUnit nor verdicts.
 */
@NullMarked
package io.github.noslableak.kernel;

import org.jspecify.annotations.NullMarked;
