/** What watched methods of the JDK call: a class that the boot loader loads. */
@NullMarked
package io.github.noslableak.jvm.boot;

import org.jspecify.annotations.NullMarked;
