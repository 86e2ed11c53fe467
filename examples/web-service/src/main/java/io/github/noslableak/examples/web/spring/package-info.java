/** The service as a Spring Boot application. */
@NullMarked
package io.github.noslableak.examples.web.spring;

import org.jspecify.annotations.NullMarked;
