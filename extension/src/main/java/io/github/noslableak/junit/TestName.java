package io.github.noslableak.junit;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.engine.UniqueId;

/**
 * What a test is called.
 *
 * @param forReaders as a reader finds it in the source; an invocation of several with its display
 *     name
 * @param key the same from run to run: by class, method and parameter types, and by what tells its
 *     invocations apart
 */
public record TestName(String forReaders, String key) {

  private static final Set<String> INVOCATIONS =
      Set.of("test-template-invocation", "class-template-invocation");

  /** Names the test of a context. */
  public static TestName of(ExtensionContext context) {
    List<Class<?>> classes = new ArrayList<>(context.getEnclosingTestClasses());
    classes.add(context.getRequiredTestClass());
    return of(
        classes,
        context.getRequiredTestMethod(),
        context.getDisplayName(),
        UniqueId.parse(context.getUniqueId()));
  }

  /**
   * Names a test.
   *
   * @param classes its class, after those around it
   */
  static TestName of(List<Class<?>> classes, Method method, String displayName, UniqueId id) {
    return new TestName(
        forReaders(classes, method.getName(), displayName),
        classes.get(classes.size() - 1).getName()
            + "#"
            + method.getName()
            + parameters(method)
            + invocation(id));
  }

  private static String forReaders(List<Class<?>> classes, String method, String displayName) {
    String name =
        classes.stream().map(Class::getSimpleName).collect(Collectors.joining(".")) + "." + method;
    return displayName.startsWith(method) ? name : name + " " + displayName;
  }

  private static String parameters(Method method) {
    return Stream.of(method.getParameterTypes())
        .map(Class::getName)
        .collect(Collectors.joining(", ", "(", ")"));
  }

  private static String invocation(UniqueId id) {
    return id.getSegments().stream()
        .filter(segment -> INVOCATIONS.contains(segment.getType()))
        .map(segment -> "[" + segment.getValue().replace("#", "") + "]")
        .collect(Collectors.joining());
  }
}
