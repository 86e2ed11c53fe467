/** Work that is left to another program. */
@NullMarked
package io.github.noslableak.examples.web.process;

import org.jspecify.annotations.NullMarked;
