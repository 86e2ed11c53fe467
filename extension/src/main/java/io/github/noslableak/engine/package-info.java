/** When to count, when to run a body again, and for how long. */
@NullMarked
package io.github.noslableak.engine;

import org.jspecify.annotations.NullMarked;
