/**
 * Annotated tests of a product whose close() hook is a kernel module, run in a throw-away VM.
 *
 * <p>{@code examples/kernel-hook/vm/run} boots it. The module counts what it leaks, so each test
 * can hold the numbers of the extension against the truth.
 */
@NullMarked
package io.github.noslableak.examples.hook;

import org.jspecify.annotations.NullMarked;
