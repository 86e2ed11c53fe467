package io.github.noslableak.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * References that a function of a kernel module took and that were not returned; or that several
 * took on the same objects, where nothing tells whose it was.
 *
 * @param takers the calls that took them, one at least
 * @param onMounts whether they are missing on mounts, and not on dentries or files
 * @param taken how many these calls took in all
 * @param unreturned how many of them were not returned
 * @param names the names of the dentries whose references are missing, as far as they are known;
 *     sorted
 * @param returners calls that returned others of them
 * @param givenNull calls in the same module that return such references, and were given NULL
 */
public record UnreturnedReference(
    List<Call> takers,
    boolean onMounts,
    long taken,
    long unreturned,
    List<String> names,
    List<Call> returners,
    List<GivenNull> givenNull) {

  private static final int MOST_NAMES = 5;

  /**
   * A function of the kernel, and the function that called it.
   *
   * @param function such as {@code path_get}
   * @param caller a function with its module, such as {@code leaky_pre_close [leaky]}
   */
  public record Call(String function, String caller) {}

  /**
   * Calls that were given NULL instead of what they were to return.
   *
   * @param calls how many
   */
  public record GivenNull(Call call, long calls) {}

  public UnreturnedReference {
    takers = List.copyOf(takers);
    names = List.copyOf(names);
    returners = List.copyOf(returners);
    givenNull = List.copyOf(givenNull);
  }

  /** Returns the case in a sentence, and the names in a line below it where there are any. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(sentence());
    if (!names.isEmpty()) {
      lines.add("  on " + someNames());
    }
    return lines;
  }

  /**
   * Returns the case in one sentence, such as {@code leaky_pre_close [leaky] took 406 references
   * with path_get; 406 path_put calls from leaky_post_close [leaky] were given NULL.}
   */
  public String sentence() {
    return took()
        + (isEvenWithNull() ? "" : notReturned())
        + (givenNull.isEmpty() ? others() : nulls())
        + ".";
  }

  private String took() {
    return "%s took %s reference%s%s with %s"
        .formatted(
            callers(takers),
            Text.number(taken),
            taken == 1 ? "" : "s",
            onMounts ? " on mounts" : "",
            functions(takers));
  }

  /** Returns whether NULL was returned for each one: that says already that none was. */
  private boolean isEvenWithNull() {
    return !givenNull.isEmpty()
        && unreturned == taken
        && givenNull.stream().mapToLong(GivenNull::calls).sum() == unreturned;
  }

  private String notReturned() {
    if (unreturned == taken) {
      return taken == 1 ? ", and it was not returned" : ", and none was returned";
    }
    return ", and %s %s not returned"
        .formatted(Text.number(unreturned), unreturned == 1 ? "was" : "were");
  }

  private String others() {
    return returners.isEmpty()
        ? ""
        : "; %s returned the others with %s".formatted(callers(returners), functions(returners));
  }

  private String nulls() {
    return givenNull.stream().map(UnreturnedReference::clause).collect(Collectors.joining());
  }

  private static String clause(GivenNull nulls) {
    return "; %s %s %s from %s %s given NULL"
        .formatted(
            Text.number(nulls.calls()),
            nulls.call().function(),
            nulls.calls() == 1 ? "call" : "calls",
            nulls.call().caller(),
            nulls.calls() == 1 ? "was" : "were");
  }

  private String someNames() {
    int more = names.size() - MOST_NAMES;
    return names.stream().limit(MOST_NAMES).collect(Collectors.joining(", "))
        + (more > 0 ? " and " + Text.number(more) + " other names" : "");
  }

  private static String callers(List<Call> calls) {
    return join(calls, Call::caller);
  }

  private static String functions(List<Call> calls) {
    return join(calls, Call::function);
  }

  private static String join(List<Call> calls, Function<Call, String> name) {
    return calls.stream().map(name).distinct().collect(Collectors.joining(" and "));
  }
}
