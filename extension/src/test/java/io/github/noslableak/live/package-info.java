/** Tests that make real leaks in the running kernel, and undo them. */
@NullMarked
package io.github.noslableak.live;

import org.jspecify.annotations.NullMarked;
