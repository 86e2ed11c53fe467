/** Where the Java code of this JVM opens files, sockets and what else a descriptor refers to. */
@NullMarked
package io.github.noslableak.jvm;

import org.jspecify.annotations.NullMarked;
