package io.github.noslableak.engine;

import io.github.noslableak.books.Allocated;
import io.github.noslableak.books.Books;
import io.github.noslableak.verdict.Course;
import io.github.noslableak.verdict.Promise;
import io.github.noslableak.verdict.Rounds;
import io.github.noslableak.verdict.Shortfall;
import io.github.noslableak.verdict.SuspectedCache;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A body that was run again.
 *
 * @param suspected the caches under suspicion
 * @param books what kept count
 * @param course what ran
 * @param firstPeriod the first period that belongs to it
 * @param promise the leak that must be seen
 * @param shortfall why it was not run as often as a confirmation takes; empty where it was
 */
record Reran(
    List<SuspectedCache> suspected,
    Books books,
    Course course,
    int firstPeriod,
    Promise promise,
    Optional<Shortfall> shortfall) {

  /** Returns what the rounds say by now. */
  Rounds rounds() {
    return new Rounds(suspected, books.statement(), course, firstPeriod, promise);
  }

  /** Returns by what the body failed, if it did. */
  Optional<Shortfall.Failed> failure() {
    return shortfall.filter(Shortfall.Failed.class::isInstance).map(Shortfall.Failed.class::cast);
  }

  /** Returns the same where the body failed and the whole test cannot be run again. */
  Reran inPlaceAlone(Shortfall.NoFreshLife why) {
    return new Reran(
        suspected,
        books,
        course,
        firstPeriod,
        promise,
        failure()
            .<Shortfall>map(failed -> new Shortfall.FailedInPlace(failed.failure(), why))
            .or(() -> shortfall));
  }

  /** Returns what became of the whole test, after the body failed; with both failures, if so. */
  Reran orAfresh(Reran whole) {
    Optional<Shortfall> both =
        whole
            .failure()
            .map(
                afresh ->
                    new Shortfall.FailedAfresh(
                        failure().map(Shortfall.Failed::failure).orElse(""), afresh.failure()));
    // What the body left when it failed is not the first run's.
    return new Reran(
        suspected,
        books,
        whole.course(),
        firstPeriod,
        promise,
        both.isEmpty() ? whole.shortfall() : both);
  }

  /** Returns who allocated what the rounds left of these caches, if that was followed. */
  Optional<List<Allocated>> allocated(Set<String> caches) {
    return books.allocated(caches, course.rounds().stream().map(Course.Run::period).toList());
  }
}
