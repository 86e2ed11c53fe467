@NullMarked
package io.github.noslableak.books;

import org.jspecify.annotations.NullMarked;
