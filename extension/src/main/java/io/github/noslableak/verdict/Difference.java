package io.github.noslableak.verdict;

import java.util.ArrayList;
import java.util.List;

/**
 * What a treatment leaves of a cache beyond what a control leaves.
 *
 * @param cache the cache's name
 * @param control what the control left, round by round
 * @param treatment what the treatment left, round by round, in rounds as long
 * @param scaling what the difference does: {@link Scaling#LEAKS} where it repeats and scales
 */
public record Difference(
    String cache, List<Round> control, List<Round> treatment, Scaling scaling) {

  private static final int FEW = 16;

  private static final int ROUNDS_OF_FEW = 3;

  public Difference {
    control = List.copyOf(control);
    treatment = List.copyOf(treatment);
  }

  /**
   * Judges the difference by books in which control and treatment have every other period. What no
   * ledger holds counts too; but apart, for it may be others', who have reasons of their own.
   *
   * @param lengths how often each ran, round by round
   * @param tolerancePerIteration objects that the treatment may leave more in each iteration
   */
  public static Difference of(
      String cache, Statement books, List<Integer> lengths, double tolerancePerIteration) {
    List<Difference> found = new ArrayList<>();
    for (Whose whose : books.whose()) {
      List<Round> control = new ArrayList<>();
      List<Round> treatment = new ArrayList<>();
      for (int round = 0; round < lengths.size(); round++) {
        control.add(books.round(cache, whose, 2 * round, lengths.get(round)));
        treatment.add(books.round(cache, whose, 2 * round + 1, lengths.get(round)));
      }
      found.add(of(cache, whose, control, treatment, tolerancePerIteration));
    }
    Difference difference =
        found.stream()
            .filter(Difference::leaks)
            .findFirst()
            .or(() -> found.stream().filter(Difference::isUndecided).findFirst())
            .orElse(found.get(0));
    return books.isComplete(cache) ? difference : difference.unclear();
  }

  /**
   * Judges the difference.
   *
   * @param origin whose objects were counted: those that no ledger holds must come in exact
   *     proportion, or be many, and more than twice as many as with the control
   * @param tolerancePerIteration objects that the treatment may leave more in each iteration
   * @throws IllegalArgumentException if the rounds are not as many or not as long
   */
  public static Difference of(
      String cache,
      Whose origin,
      List<Round> control,
      List<Round> treatment,
      double tolerancePerIteration) {
    if (control.size() != treatment.size()) {
      throw new IllegalArgumentException(
          control.size() + " rounds of control, " + treatment.size() + " of treatment");
    }
    List<Round> differences = new ArrayList<>();
    for (int i = 0; i < control.size(); i++) {
      Round without = control.get(i);
      Round with = treatment.get(i);
      if (without.iterations() != with.iterations()) {
        throw new IllegalArgumentException(
            without.iterations()
                + " iterations of control, "
                + with.iterations()
                + " of treatment");
      }
      differences.add(
          new Round(
              with.iterations(),
              with.objects() - without.objects(),
              with.unrest()
                  + without.unrest()
                  + (origin == Whose.UNBOOKED ? Math.abs(without.objects()) : 0)));
    }
    Scaling scaling = Scaling.of(differences, tolerancePerIteration, 1);
    return new Difference(
        cache,
        control,
        treatment,
        origin == Whose.UNBOOKED ? ofUnbooked(scaling, differences) : scaling);
  }

  private static Scaling ofUnbooked(Scaling scaling, List<Round> rounds) {
    if (scaling != Scaling.LEAKS) {
      // Whatever they do, it is not the treatment's; but two rounds may be too few to tell.
      return scaling == Scaling.UNCLEAR && rounds.size() < ROUNDS_OF_FEW
          ? scaling
          : Scaling.DOES_NOT_REPEAT;
    }
    if (rounds.get(rounds.size() - 1).objects() >= FEW) {
      return scaling;
    }
    if (!isEven(rounds)) {
      return Scaling.DOES_NOT_SCALE;
    }
    return rounds.size() < ROUNDS_OF_FEW ? Scaling.UNCLEAR : scaling;
  }

  private static boolean isEven(List<Round> rounds) {
    Round first = rounds.get(0);
    return rounds.stream()
        .allMatch(
            round -> round.objects() * first.iterations() == first.objects() * round.iterations());
  }

  /** Returns the same where not all was counted. */
  public Difference unclear() {
    return new Difference(cache, control, treatment, Scaling.UNCLEAR);
  }

  /** Returns whether the treatment leaves more, again and again and in proportion. */
  public boolean leaks() {
    return scaling == Scaling.LEAKS;
  }

  /** Returns whether nothing clear was found. */
  public boolean isUndecided() {
    return scaling == Scaling.UNCLEAR;
  }

  /** Returns by how many objects the treatment left more in its last round. */
  public long lastRound() {
    int last = treatment.size() - 1;
    return last < 0 ? 0 : treatment.get(last).objects() - control.get(last).objects();
  }

  /** Returns what the control leaves, in objects per iteration. */
  public double controlPerIteration() {
    return perIteration(control);
  }

  /** Returns what the treatment leaves, in objects per iteration. */
  public double treatmentPerIteration() {
    return perIteration(treatment);
  }

  private static double perIteration(List<Round> rounds) {
    List<Round> last = rounds.subList(Math.max(0, rounds.size() - 2), rounds.size());
    long iterations = last.stream().mapToLong(Round::iterations).sum();
    return iterations == 0
        ? 0
        : (double) last.stream().mapToLong(Round::objects).sum() / iterations;
  }
}
