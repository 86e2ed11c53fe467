/**
 * A service with files, sockets, mounts and shared memory, and the mistakes that such services
 * make.
 */
@NullMarked
package io.github.noslableak.examples.io;

import org.jspecify.annotations.NullMarked;
