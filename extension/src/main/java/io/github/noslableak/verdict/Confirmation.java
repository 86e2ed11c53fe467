package io.github.noslableak.verdict;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What became of a suspicion: the body was run again, or could not be.
 *
 * @param findings the caches that were looked at again
 * @param shortfall why the body was not run again, or not often enough; empty where it was
 * @param followed whether each allocation was followed by the ledger, so that other processes'
 *     growth is told apart
 * @param ofFirstRun whether the findings were judged by the first run alone, because there was no
 *     other
 * @param missing how long the turns of body and rest would have taken that were wanted, where there
 *     was no time for them
 */
public record Confirmation(
    List<CacheFinding> findings,
    Optional<Shortfall> shortfall,
    boolean followed,
    boolean ofFirstRun,
    Optional<Duration> missing) {

  private static final int MOST_OF_FIRST_RUN = 4;

  private static final Duration AND_MORE = Duration.ofSeconds(3);

  public Confirmation {
    findings = List.copyOf(findings);
  }

  /** Makes that of a body that was run again. */
  public Confirmation(
      List<CacheFinding> findings, Optional<Shortfall> shortfall, boolean followed) {
    this(findings, shortfall, followed, false, Optional.empty());
  }

  /** Makes that of a body that could not be run again, but whose only run was followed. */
  public static Confirmation ofFirstRun(List<CacheFinding> findings, Shortfall shortfall) {
    return new Confirmation(findings, Optional.of(shortfall), true, true, Optional.empty());
  }

  /**
   * Returns how long running the body again may take, by what the first run took. What is left and
   * still goes away, such as network namespaces, is waited for beyond it.
   */
  public static Duration longest(Duration firstRun) {
    return firstRun.multipliedBy(MOST_OF_FIRST_RUN).plus(AND_MORE);
  }

  /** Nothing was suspected, so nothing was run again. */
  public static Confirmation unneeded() {
    return new Confirmation(List.of(), Optional.empty(), false);
  }

  /** A suspicion that could not be confirmed. */
  public static Confirmation impossible(Shortfall shortfall) {
    return new Confirmation(List.of(), Optional.of(shortfall), false);
  }

  /** Returns what was found about a cache, empty where it was not looked at again. */
  public Optional<CacheFinding> of(String cache) {
    return findings.stream().filter(suspect -> suspect.cache().equals(cache)).findFirst();
  }

  /** Returns how often the body was run again. */
  public int iterations() {
    if (ofFirstRun) {
      return 0;
    }
    return findings.stream()
        .mapToInt(suspect -> suspect.rounds().stream().mapToInt(Round::iterations).sum())
        .max()
        .orElse(0);
  }
}
