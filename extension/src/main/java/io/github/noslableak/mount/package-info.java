/** Private file systems of a test's own, and who keeps one from being unmounted. */
@NullMarked
package io.github.noslableak.mount;

import org.jspecify.annotations.NullMarked;
