package io.github.noslableak.slab;

import java.util.regex.Pattern;

/**
 * A pattern over cache names: {@code *} any characters, {@code ?} one; everything else is literal.
 */
final class Glob {

  private final Pattern pattern;
  private final boolean isPattern;

  Glob(String glob) {
    this.isPattern = isGlob(glob);
    StringBuilder regex = new StringBuilder();
    StringBuilder literal = new StringBuilder();
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      if (c == '*' || c == '?') {
        regex.append(Pattern.quote(literal.toString())).append(c == '*' ? ".*" : ".");
        literal.setLength(0);
      } else {
        literal.append(c);
      }
    }
    this.pattern = Pattern.compile(regex.append(Pattern.quote(literal.toString())).toString());
  }

  static boolean isGlob(String text) {
    return text.indexOf('*') >= 0 || text.indexOf('?') >= 0;
  }

  /** Returns whether this may match several names. */
  boolean isPattern() {
    return isPattern;
  }

  boolean matches(String name) {
    return pattern.matcher(name).matches();
  }
}
