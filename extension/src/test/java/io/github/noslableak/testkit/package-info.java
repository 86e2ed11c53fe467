/** What tests need to run other tests, to leave things behind, and to start processes. */
@NullMarked
package io.github.noslableak.testkit;

import org.jspecify.annotations.NullMarked;
