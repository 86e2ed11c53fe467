package io.github.noslableak.junit;

import java.util.Arrays;
import java.util.Iterator;
import java.util.Objects;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.platform.commons.JUnitException;

/**
 * The dynamic tests that a factory returned, run as JUnit runs them: one after the other, with no
 * fixtures in between. Other extensions are not told of them.
 */
final class DynamicTests {

  private final boolean mayAbort;

  /**
   * Makes what runs them.
   *
   * @param mayAbort whether some may be aborted; else that is a failure
   */
  DynamicTests(boolean mayAbort) {
    this.mayAbort = mayAbort;
  }

  /**
   * Runs all, until one fails.
   *
   * @param returned what the factory returned: a node, or a stream, an array, or something to
   *     iterate over
   * @throws Throwable what the first one failed by
   */
  void run(@Nullable Object returned) throws Throwable {
    try (Stream<?> nodes = stream(returned)) {
      Iterator<?> all = nodes.iterator();
      while (all.hasNext()) {
        runNode(all.next());
      }
    }
  }

  private static Stream<?> stream(@Nullable Object returned) {
    if (returned instanceof DynamicNode) {
      return Stream.of(returned);
    }
    if (returned instanceof Stream<?> stream) {
      return stream;
    }
    if (returned instanceof Iterable<?> iterable) {
      return StreamSupport.stream(iterable.spliterator(), false);
    }
    if (returned instanceof Iterator<?> iterator) {
      return StreamSupport.stream(Spliterators.spliteratorUnknownSize(iterator, 0), false);
    }
    if (returned instanceof Object[] array) {
      return Arrays.stream(array);
    }
    throw new JUnitException("a @TestFactory returned " + returned);
  }

  private void runNode(@Nullable Object node) throws Throwable {
    if (node instanceof DynamicContainer container) {
      run(container.getChildren());
      return;
    }
    try {
      ((DynamicTest) Objects.requireNonNull(node)).getExecutable().execute();
    } catch (Throwable t) {
      if (!mayAbort || !Abort.isOne(t)) {
        throw t;
      }
    }
  }
}
