/** What users import. */
@NullMarked
package io.github.noslableak;

import org.jspecify.annotations.NullMarked;
