@NullMarked
package io.github.noslableak.bench;

import org.jspecify.annotations.NullMarked;
