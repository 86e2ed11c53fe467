package io.github.noslableak.baseline;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A test that a baseline names and that did not run.
 *
 * @param test its key
 * @param renamed the key of the test that it may be called now
 */
public record UnseenTest(String test, Optional<String> renamed) {

  /** Looks for the same method in another class, then for a similar one in the same class. */
  static UnseenTest of(String test, List<String> candidates) {
    Optional<String> moved =
        candidates.stream()
            .filter(candidate -> method(candidate).equals(method(test)))
            .max(Comparator.comparingInt(candidate -> shared(candidate, test)));
    if (moved.isPresent() && !method(test).isEmpty()) {
      return new UnseenTest(test, moved);
    }
    return new UnseenTest(
        test,
        candidates.stream()
            .filter(candidate -> className(candidate).equals(className(test)))
            .filter(candidate -> shared(name(candidate), name(test)) * 2 >= name(test).length())
            .max(Comparator.comparingInt(candidate -> shared(method(candidate), method(test)))));
  }

  private static String className(String test) {
    int hash = test.indexOf('#');
    return hash < 0 ? test : test.substring(0, hash);
  }

  private static String method(String test) {
    int hash = test.indexOf('#');
    return hash < 0 ? "" : test.substring(hash + 1);
  }

  private static String name(String test) {
    String method = method(test);
    int parameters = method.indexOf('(');
    return parameters < 0 ? method : method.substring(0, parameters);
  }

  /** Returns how many characters two texts share at their start and end. */
  private static int shared(String a, String b) {
    int shorter = Math.min(a.length(), b.length());
    int start = 0;
    while (start < shorter && a.charAt(start) == b.charAt(start)) {
      start++;
    }
    int end = 0;
    while (end < shorter - start
        && a.charAt(a.length() - 1 - end) == b.charAt(b.length() - 1 - end)) {
      end++;
    }
    return start + end;
  }
}
