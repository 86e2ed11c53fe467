/** The usual leaks, each in a test of its own that must fail. */
@NullMarked
package io.github.noslableak.examples.web.leaks;

import org.jspecify.annotations.NullMarked;
