/** Turns what was found into text. Does not know how anything was measured. */
@NullMarked
package io.github.noslableak.report;

import org.jspecify.annotations.NullMarked;
