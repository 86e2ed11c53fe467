/** An echo server on Netty. */
@NullMarked
package io.github.noslableak.examples.web.netty;

import org.jspecify.annotations.NullMarked;
