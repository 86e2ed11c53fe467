/** A service that keeps notes, as such services are built: HTTP, a database, pools, Spring Boot. */
@NullMarked
package io.github.noslableak.examples.web;

import org.jspecify.annotations.NullMarked;
