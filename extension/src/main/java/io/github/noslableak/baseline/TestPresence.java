package io.github.noslableak.baseline;

import java.lang.reflect.Method;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whether the test that a key names still exists. That it did not run proves nothing: it may be
 * filtered out, disabled, or run in another fork. So the class path is asked.
 *
 * @param type the name of the class
 * @param method the name of the method
 * @param parameters the names of the method's parameter types, null where the key has none
 * @param invocation what follows the method, such as {@code [2]}, may be empty
 */
record TestPresence(String type, String method, @Nullable String parameters, String invocation) {

  /**
   * Returns whether a test exists. Where that cannot be told it does.
   *
   * @param key as {@code pkg.Class#method(parameter types)[2]}
   * @param seen the keys of tests that ran in this JVM
   */
  static boolean exists(String key, Set<String> seen) {
    if (seen.contains(key)) {
      return true;
    }
    TestPresence test = of(key);
    if (test == null) {
      return true;
    }
    // All invocations of a method run in one JVM: if others did, this one is no more.
    String method = key.substring(0, key.length() - test.invocation().length());
    boolean othersRan =
        !test.invocation().isEmpty()
            && seen.stream().anyMatch(other -> other.startsWith(method + "["));
    return !othersRan && test.isOnClassPath();
  }

  private static @Nullable TestPresence of(String key) {
    int hash = key.indexOf('#');
    if (hash <= 0) {
      return null;
    }
    int open = key.indexOf('(', hash);
    int close = key.indexOf(')', hash);
    if (open < 0 || close < open) {
      int end = key.indexOf('[', hash) < 0 ? key.length() : key.indexOf('[', hash);
      return new TestPresence(
          key.substring(0, hash), key.substring(hash + 1, end), null, key.substring(end));
    }
    return new TestPresence(
        key.substring(0, hash),
        key.substring(hash + 1, open),
        key.substring(open + 1, close),
        key.substring(close + 1));
  }

  private boolean isOnClassPath() {
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    try {
      return hasMethod(
          Class.forName(type, false, loader == null ? getClass().getClassLoader() : loader));
    } catch (ClassNotFoundException e) {
      return false;
    } catch (LinkageError e) {
      return true;
    }
  }

  /** Looks in the class, in those it extends and in the interfaces of all of them. */
  private boolean hasMethod(Class<?> declaring) {
    Deque<Class<?>> types = new ArrayDeque<>();
    types.add(declaring);
    while (!types.isEmpty()) {
      Class<?> next = types.remove();
      if (Stream.of(next.getDeclaredMethods()).anyMatch(this::isMethod)) {
        return true;
      }
      Class<?> superclass = next.getSuperclass();
      if (superclass != null) {
        types.add(superclass);
      }
      types.addAll(Arrays.asList(next.getInterfaces()));
    }
    return false;
  }

  private boolean isMethod(Method candidate) {
    return candidate.getName().equals(method)
        && (parameters == null
            || Stream.of(candidate.getParameterTypes())
                .map(Class::getName)
                .collect(Collectors.joining(","))
                .equals(parameters.replace(" ", "")));
  }
}
