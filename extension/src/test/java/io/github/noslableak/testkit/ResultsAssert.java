package io.github.noslableak.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.SlabLeakError;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.util.Throwables;

/** Assertions on {@link Results}. What failed unexpectedly is shown with all that it says. */
public final class ResultsAssert extends AbstractAssert<ResultsAssert, Results> {

  ResultsAssert(Results actual) {
    super(actual, ResultsAssert.class);
  }

  /** Verifies that so many tests passed and nothing failed. */
  public ResultsAssert passes(int tests) {
    isNotNull();
    assertThat(actual.failures()).as("what failed").extracting(Throwables::getStackTrace).isEmpty();
    assertThat(actual.tests().succeeded().count()).as("tests that passed").isEqualTo(tests);
    return this;
  }

  /**
   * Verifies that each of these tests failed with a leak of so many objects of the cache per
   * iteration, and nothing else failed.
   *
   * @param tests their display names
   */
  public ResultsAssert leaks(String cache, double perIteration, String... tests) {
    isNotNull();
    String said = actual.said();
    assertThat(actual.failed())
        .as("%s", said)
        .extracting(Results.Failure::displayName)
        .containsExactlyInAnyOrder(tests);
    assertThat(actual.failures())
        .allSatisfy(
            thrown ->
                assertThat(thrown)
                    .isInstanceOfSatisfying(
                        SlabLeakError.class,
                        error ->
                            assertThat(error.growth().perIteration(cache))
                                .as("%s per iteration in: %s", cache, said)
                                .isEqualTo(perIteration)));
    return this;
  }

  /** Verifies that one thing failed, with that type and message. */
  public ResultsAssert failsWith(Class<? extends Throwable> type, String message) {
    isNotNull();
    assertThat(actual.failures())
        .singleElement()
        .satisfies(thrown -> assertThat(thrown).isExactlyInstanceOf(type).hasMessage(message));
    return this;
  }
}
