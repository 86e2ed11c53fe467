package io.github.noslableak.verdict;

/**
 * A name with wildcards: {@code *} stands for any characters, {@code ?} for one, and everything
 * else for itself. Matching takes at most the product of both lengths, however many stars there
 * are.
 *
 * @param pattern the name with wildcards
 */
public record Wildcard(String pattern) {

  /** Returns whether a text has wildcards. */
  public static boolean isIn(String text) {
    return text.indexOf('*') >= 0 || text.indexOf('?') >= 0;
  }

  /** Returns whether a name is one that this stands for. */
  public boolean matches(String name) {
    int next = 0;
    int position = 0;
    int star = -1;
    int starPosition = 0;
    while (position < name.length()) {
      if (next < pattern.length() && pattern.charAt(next) == '*') {
        star = next++;
        starPosition = position;
      } else if (next < pattern.length() && isOne(pattern.charAt(next), name.charAt(position))) {
        next++;
        position++;
      } else if (star >= 0) {
        // The last star takes one more character.
        next = star + 1;
        position = ++starPosition;
      } else {
        return false;
      }
    }
    while (next < pattern.length() && pattern.charAt(next) == '*') {
      next++;
    }
    return next == pattern.length();
  }

  private static boolean isOne(char wanted, char found) {
    return wanted == '?' || wanted == found;
  }
}
