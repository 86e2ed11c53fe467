/** Clients of the service, one for each HTTP client that the JVM offers or that is common. */
@NullMarked
package io.github.noslableak.examples.web.client;

import org.jspecify.annotations.NullMarked;
