package io.github.noslableak.engine;

import io.github.noslableak.books.Accounting;
import io.github.noslableak.verdict.Counts;
import java.time.Duration;
import java.util.Optional;

/**
 * The first run, while it lasts.
 *
 * @param began when, by {@link System#nanoTime()}
 * @param samples counts taken on the way, where there are many iterations
 * @param progress says how far it is, where there are many iterations
 */
record Running(Opening opening, long began, Optional<Samples> samples, Optional<Progress> progress)
    implements Phase {

  /** Begins now. */
  static Running now(Opening opening, Plan plan, Accounting accounting) {
    opening
        .books()
        .ifPresent(
            books -> {
              books.begin();
              books.iteration();
            });
    boolean many = plan.iterations() > 1;
    long began = System.nanoTime();
    return new Running(
        opening,
        began,
        many
            ? Optional.of(new Samples(accounting, opening.balance().opening(), plan.iterations()))
            : Optional.empty(),
        many ? Optional.of(new Progress(plan.name(), plan.iterations())) : Optional.empty());
  }

  @Override
  public Running settingAside(Counts before, Counts after) {
    return new Running(opening.settingAside(before, after), began, samples, progress);
  }

  /** Tells that an iteration is over, its fixtures included. */
  void iterated(int iteration, Plan plan) {
    samples.ifPresent(taken -> taken.done(iteration));
    progress.ifPresent(shown -> shown.done(iteration));
    if (iteration < plan.iterations()) {
      opening.books().ifPresent(books -> books.iteration());
    }
  }

  /** Returns how long the iterations took until now, without the samples in between. */
  Duration took() {
    Duration passed = Duration.ofNanos(System.nanoTime() - began);
    return samples.map(taken -> passed.minus(taken.spent())).orElse(passed);
  }
}
