/**
 * Where in a test's life the measurement lies, and what JUnit makes of its outcome. These tests
 * also run on other versions of JUnit than the one that they are compiled against.
 */
@NullMarked
package io.github.noslableak.live.lifecycle;

import org.jspecify.annotations.NullMarked;
