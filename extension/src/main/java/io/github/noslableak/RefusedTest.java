package io.github.noslableak;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A test that is not measured. The reason is kept until {@code beforeEach}: only there does JUnit
 * take an exception for what it is, an aborted or failed test. Earlier it would make it a broken
 * condition.
 */
record RefusedTest(RuntimeException reason) implements TestEntry {

  @Override
  public void start() {
    throw reason;
  }

  @Override
  public <T> T setAside(Supplier<T> work) {
    return work.get();
  }

  @Override
  public Optional<List<String>> modules() {
    return Optional.empty();
  }
}
