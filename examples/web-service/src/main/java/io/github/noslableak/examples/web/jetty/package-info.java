/** The service on an embedded Jetty. */
@NullMarked
package io.github.noslableak.examples.web.jetty;

import org.jspecify.annotations.NullMarked;
