/** Numbers in, outcome out: no I/O and no clock. */
@NullMarked
package io.github.noslableak.verdict;

import org.jspecify.annotations.NullMarked;
