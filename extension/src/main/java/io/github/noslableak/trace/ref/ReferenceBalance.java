package io.github.noslableak.trace.ref;

import io.github.noslableak.trace.Frame;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Which references modules took and did not return, as far as a ledger saw it.
 *
 * @param culprits most references first; none where everything that was taken was returned
 * @param events calls that were recorded
 * @param lostEvents calls that were not recorded, or too late. Where it is not 0, references may be
 *     missing here, and others be listed that were returned
 */
public record ReferenceBalance(List<Culprit> culprits, long events, long lostEvents) {

  private static final int MOST_NAMES = 5;

  public ReferenceBalance {
    culprits = List.copyOf(culprits);
  }

  /** Returns the sentences, each with a line of the names whose references are missing. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    Iterator<Culprit> of = culprits.iterator();
    for (String sentence : sentences()) {
      lines.add(sentence);
      if (of.hasNext()) {
        of.next().namesLine().ifPresent(lines::add);
      }
    }
    return lines;
  }

  /** Returns a sentence for each culprit, and one more where calls were lost. */
  public List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    culprits.forEach(culprit -> sentences.add(culprit.sentence() + "."));
    if (lostEvents > 0 && !culprits.isEmpty()) {
      sentences.add(
          number(lostEvents)
              + (lostEvents == 1 ? " call was" : " calls were")
              + " not recorded, so that these numbers may be too high or too low.");
    }
    return sentences;
  }

  private static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /**
   * A function of the kernel, and the function that called it.
   *
   * @param function such as {@code path_get}
   * @param caller a function of a module
   */
  public record Call(String function, Frame caller) {

    private static String callers(List<Call> calls) {
      return join(calls, call -> call.caller().displayName());
    }

    private static String functions(List<Call> calls) {
      return join(calls, Call::function);
    }

    private static String join(List<Call> calls, Function<Call, String> name) {
      return calls.stream().map(name).distinct().collect(Collectors.joining(" and "));
    }
  }

  /**
   * Calls that were given NULL instead of what they were to return.
   *
   * @param calls how many
   */
  public record GivenNull(Call call, long calls) {

    private String clause() {
      return "; %s %s %s from %s %s given NULL"
          .formatted(
              number(calls),
              call.function(),
              calls == 1 ? "call" : "calls",
              call.caller().displayName(),
              calls == 1 ? "was" : "were");
    }
  }

  /**
   * A function that took references that were not returned; or several that took them on the same
   * objects, where nothing tells whose it was.
   *
   * @param takers the calls that took them, one at least
   * @param onMounts whether they are missing on mounts, and not on dentries or files
   * @param taken how many these calls took in all
   * @param unreturned how many of them were not returned
   * @param objects on how many objects
   * @param names the names of these objects, as far as they are dentries with names; sorted
   * @param returners calls that returned others of them
   * @param givenNull calls in the same module that return such references, and were given NULL
   */
  public record Culprit(
      List<Call> takers,
      boolean onMounts,
      long taken,
      long unreturned,
      long objects,
      List<String> names,
      List<Call> returners,
      List<GivenNull> givenNull) {

    public Culprit {
      takers = List.copyOf(takers);
      names = List.copyOf(names);
      returners = List.copyOf(returners);
      givenNull = List.copyOf(givenNull);
    }

    /**
     * Returns the case in one sentence without a full stop, such as {@code leaky_pre_close [leaky]
     * took 406 references with path_get; 406 path_put calls from leaky_post_close [leaky] were
     * given NULL}.
     */
    public String sentence() {
      String took =
          "%s took %s reference%s%s with %s"
              .formatted(
                  Call.callers(takers),
                  number(taken),
                  taken == 1 ? "" : "s",
                  onMounts ? " on mounts" : "",
                  Call.functions(takers));
      if (givenNull.isEmpty()) {
        return took + notReturned() + others();
      }
      long nulls = givenNull.stream().mapToLong(GivenNull::calls).sum();
      return took
          + (nulls == unreturned && unreturned == taken ? "" : notReturned())
          + givenNull.stream().map(GivenNull::clause).collect(Collectors.joining());
    }

    /** Returns the names in one line, the first ones of many; nothing where there are none. */
    Optional<String> namesLine() {
      if (names.isEmpty()) {
        return Optional.empty();
      }
      int told = Math.min(names.size(), MOST_NAMES);
      return Optional.of(
          "  on "
              + String.join(", ", names.subList(0, told))
              + (names.size() > told
                  ? " and " + number(names.size() - (long) told) + " other names"
                  : ""));
    }

    private String notReturned() {
      if (unreturned == taken) {
        return taken == 1 ? ", and it was not returned" : ", and none was returned";
      }
      return ", and %s %s not returned"
          .formatted(number(unreturned), unreturned == 1 ? "was" : "were");
    }

    private String others() {
      return returners.isEmpty()
          ? ""
          : "; %s returned the others with %s"
              .formatted(Call.callers(returners), Call.functions(returners));
    }
  }
}
