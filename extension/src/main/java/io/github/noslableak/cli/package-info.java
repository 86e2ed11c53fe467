/**
 * The runnable jar: dumps to a diagnosis, and any program as the body of a measurement. Its classes
 * and what they need are in that jar alone.
 */
@NullMarked
package io.github.noslableak.cli;

import org.jspecify.annotations.NullMarked;
