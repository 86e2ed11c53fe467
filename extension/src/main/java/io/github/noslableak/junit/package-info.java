/** What of JUnit the extensions need and the engine must not know. */
@NullMarked
package io.github.noslableak.junit;

import org.jspecify.annotations.NullMarked;
