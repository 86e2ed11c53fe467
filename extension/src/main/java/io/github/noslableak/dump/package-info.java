/**
 * What a machine said about its slab caches at one moment: crash's output, files of /proc, support
 * archives, or this machine itself. Reads text of strangers, and archives that may be hostile, and
 * either understands it or says where it does not.
 */
@NullMarked
package io.github.noslableak.dump;

import org.jspecify.annotations.NullMarked;
