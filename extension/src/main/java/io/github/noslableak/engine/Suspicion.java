package io.github.noslableak.engine;

import io.github.noslableak.verdict.Shortfall;
import java.util.Optional;

/** What became of a suspicion after the first run. */
sealed interface Suspicion {

  /** There was none. */
  record None() implements Suspicion {}

  /**
   * The body was not run again.
   *
   * @param why the reason
   */
  record Unconfirmed(Shortfall why) implements Suspicion {}

  /**
   * The body was run again.
   *
   * @param reran how
   */
  record Confirmed(Reran reran) implements Suspicion {}

  /**
   * The ledger broke, so that what the body left is not known.
   *
   * @param why the reason
   * @param ranAgain whether the body may have been run again
   */
  record Broken(Shortfall why, boolean ranAgain) implements Suspicion {

    static Broken by(RuntimeException cause, boolean ranAgain) {
      return new Broken(new Shortfall.LedgerBroke(String.valueOf(cause.getMessage())), ranAgain);
    }
  }

  /** Returns whether the body may have been run again, also where nothing is known of it. */
  default boolean ranAgain() {
    return known().isPresent();
  }

  /** Returns how the body was run again, where that is known. */
  default Optional<Reran> known() {
    return this instanceof Confirmed confirmed ? Optional.of(confirmed.reran()) : Optional.empty();
  }
}
