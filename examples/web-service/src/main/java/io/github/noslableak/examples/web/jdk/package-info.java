/** The service on the JDK's own HTTP server. */
@NullMarked
package io.github.noslableak.examples.web.jdk;

import org.jspecify.annotations.NullMarked;
