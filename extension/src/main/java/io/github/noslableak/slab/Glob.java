package io.github.noslableak.slab;

import io.github.noslableak.verdict.Wildcard;

/**
 * A pattern over cache names: {@code *} any characters, {@code ?} one; everything else is literal.
 */
final class Glob {

  private final Wildcard wildcard;

  Glob(String glob) {
    this.wildcard = new Wildcard(glob);
  }

  static boolean isGlob(String text) {
    return Wildcard.isIn(text);
  }

  /** Returns whether this may match several names. */
  boolean isPattern() {
    return Wildcard.isIn(wildcard.pattern());
  }

  boolean matches(String name) {
    return wildcard.matches(name);
  }
}
