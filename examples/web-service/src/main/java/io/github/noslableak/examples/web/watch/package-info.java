/** Notes that arrive as files. */
@NullMarked
package io.github.noslableak.examples.web.watch;

import org.jspecify.annotations.NullMarked;
