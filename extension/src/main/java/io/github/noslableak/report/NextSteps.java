package io.github.noslableak.report;

import io.github.noslableak.verdict.Confirmation;
import io.github.noslableak.verdict.Scaling;
import io.github.noslableak.verdict.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What to do about a finding: first where it points at, then how to make it clearer. */
final class NextSteps {

  /** Iterations that tell more than those of this run: so many times as many. */
  private static final int MORE = 10;

  /** Iterations that tell what a single one does not. */
  private static final int MANY = 100;

  private static final int FEW = 3;

  private final Verdict verdict;
  private final Optional<Duration> took;
  private final boolean isWarm;
  private final UnreturnedReferences references;
  private final Holders holders;
  private final List<Purpose> purposes;
  private final Optional<PointedAt> pointers;
  private final boolean closesConnections;

  /** The greatest number of objects that a cache leaked. */
  private final long mostLeaked;

  NextSteps(Conclusion conclusion, SlabReport.Evidence evidence) {
    verdict = conclusion.verdict();
    took = conclusion.took();
    isWarm = conclusion.warmup() > 0;
    references = evidence.references();
    holders = evidence.holders();
    purposes = evidence.purposes(conclusion);
    pointers = evidence.left().pointers();
    closesConnections = !evidence.left().closedConnections().isEmpty();
    mostLeaked = conclusion.mostLeaked();
  }

  List<String> lines() {
    return verdict instanceof Verdict.Dismissed
        ? List.of()
        : Stream.of(
                started(),
                inThisJvm(),
                registered(),
                mounts(),
                inOtherProcesses(),
                inMemory(),
                inTheKernel(),
                again())
            .flatMap(List::stream)
            .toList();
  }

  private static List<String> onlyIf(boolean applies, String step) {
    return applies ? List.of(step) : List.of();
  }

  private List<String> inThisJvm() {
    // The pipes to a process that was started go with it.
    return onlyIf(
        (holders.isThisJvm() || holders.isGarbage()) && holders.started().isEmpty(),
        "- Close what is still open in this JVM, on the error path too: try-with-resources.");
  }

  private List<String> started() {
    return onlyIf(
        !holders.started().isEmpty(),
        "- End what the test starts, and wait for it: destroy() and waitFor().");
  }

  private List<String> registered() {
    return Stream.concat(
            holders.registrations().stream()
                .map(registration -> "- " + registration.what().remedy() + "."),
            holders.inKernel().uses().stream().map(use -> "- " + use.remedy()))
        .distinct()
        .toList();
  }

  private List<String> mounts() {
    return onlyIf(!holders.mounted().isEmpty(), "- Unmount what the test leaves mounted.");
  }

  private List<String> inOtherProcesses() {
    if (holders.processes().isEmpty()) {
      return onlyIf(
          purposes.isEmpty() && holders.isAnotherProcess(),
          "- See which process holds them: ls -l /proc/*/fd");
    }
    List<String> steps = new ArrayList<>();
    // Its descriptors are told of elsewhere: this is what it maps, or where it is.
    holders.processes().stream()
        .filter(holder -> holder.relation() == Relation.SELF)
        .forEach(self -> steps.add(mapped(self)));
    List<String> others =
        holders.processes().stream()
            .filter(holder -> holder.relation() != Relation.SELF)
            .map(holder -> holder.name() + " (" + holder.processId() + ")")
            .toList();
    if (!others.isEmpty()) {
      steps.add("- See why " + String.join(", ", others) + " does not close what it has open.");
    }
    return steps;
  }

  private static String mapped(HoldingProcess self) {
    return self.added().stream().allMatch(file -> file.startsWith("/[aio]"))
        ? "- Destroy the contexts of asynchronous I/O that are left: io_destroy(2)."
        : "- Unmap what this JVM still maps, and leave where it is: a buffer that maps a file keeps it"
            + " until nothing refers to the buffer and garbage is collected.";
  }

  private List<String> inMemory() {
    return onlyIf(!holders.inMemory().isEmpty(), "- Delete the files that are left in memory.");
  }

  private List<String> inTheKernel() {
    if (holders.isBeyondThisJvm(mostLeaked) && references.namesFunctions()) {
      return List.of(
          "- See why the function that is named above does not return its reference, on each of its"
              + " ways out.");
    }
    boolean byPurpose = !purposes.isEmpty() && holders.isAnotherProcess();
    if (!byPurpose && !holders.isUnexplained() && !holders.isMoreThanThisJvm(mostLeaked)) {
      return List.of();
    }
    if (!purposes.isEmpty()) {
      return purposes.stream().map(purpose -> "- " + purpose.command() + ".").toList();
    }
    if (closesConnections) {
      return List.of(
          "- See why the peer does not read; ss -tanp lists both ends. SO_LINGER with 0 has close()"
              + " drop what was not taken.");
    }
    List<String> variables = pointers.map(PointedAt::variablesOfModules).orElse(List.of());
    if (!variables.isEmpty()) {
      return List.of(
          "- See why they are still pointed at: "
              + String.join(", ", Text.counted(variables, FEW))
              + ".");
    }
    return List.of(
        "- Look for a reference that is taken and not returned, or a record that is not freed, in the"
            + " kernel code on the test's path.",
        (holders.elsewhere().isPresent()
                ? "- System V objects and namespaces are held like that too: "
                : "- Files left on a tmpfs such as /dev/shm, System V objects and namespaces are held"
                    + " like that too: ls /dev/shm; ")
            + "ipcs; lsns");
  }

  /** How a further run may tell more. */
  private List<String> again() {
    if (verdict instanceof Verdict.Inconclusive inconclusive) {
      return isUntried(inconclusive)
          ? List.of(
              "- Give it more time: "
                  + inconclusive
                      .confirmation()
                      .missing()
                      .map(NextSteps::turns)
                      .orElse("raise noslableak.confirm.limit, or its @Timeout")
                  + "; with noslableak.inconclusive=pass it passes.")
          : Stream.of(
                  onlyIf(
                      !isWarm,
                      "- What comes once, such as a cache that fills, goes away with warmup = 1."),
                  List.of(
                      "- iterations = "
                          + Text.number((long) MORE * inconclusive.growths().get(0).iterations())
                          + " tells more"
                          + took.map(NextSteps::costWithRounds).orElse("")
                          + "; with noslableak.inconclusive=pass it passes."))
              .flatMap(List::stream)
              .toList();
    }
    return onlyIf(
        verdict instanceof Verdict.Leak leak && isSingle(leak),
        "- Run it again with iterations = "
            + MANY
            + took.map(once -> cost(once, MANY)).orElse("")
            + ": a leak grows a hundredfold, one-time growth does not"
            + (isWarm ? "." : " and goes away with warmup = 1."));
  }

  private static String turns(Duration missing) {
    return "noslableak.confirm.turns = "
        + (missing.toSeconds() + 1)
        + " s for turns of body and rest, for which noslableak.confirm.limit and its @Timeout must"
        + " leave room";
  }

  private static String cost(Duration took, int times) {
    return String.format(
        Locale.ROOT, ", in %.1f s instead of %.1f", times * seconds(took), seconds(took));
  }

  private static String costWithRounds(Duration took) {
    return cost(took, MORE)
        + String.format(
            Locale.ROOT,
            " and at most %.1f more where it is run again",
            seconds(Confirmation.longest(took.multipliedBy(MORE))));
  }

  private static double seconds(Duration took) {
    return took.toMillis() / 1000.0;
  }

  private static boolean isUntried(Verdict.Inconclusive inconclusive) {
    return inconclusive.confirmation().findings().stream()
        .anyMatch(suspect -> suspect.scaling() == Scaling.UNTRIED);
  }

  /** One iteration that could not be confirmed does not tell a leak from growth that comes once. */
  private static boolean isSingle(Verdict.Leak leak) {
    return leak.confirmation().shortfall().isPresent() && leak.leaked().get(0).iterations() == 1;
  }
}
