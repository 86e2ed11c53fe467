package io.github.noslableak.engine;

import io.github.noslableak.books.Allocated;
import io.github.noslableak.books.Books;
import io.github.noslableak.evidence.Facts;
import io.github.noslableak.evidence.Followed;
import io.github.noslableak.evidence.Grown;
import io.github.noslableak.kernel.MalformedKernelDataException;
import io.github.noslableak.kernel.Obstacle;
import io.github.noslableak.proc.IdleConnections;
import io.github.noslableak.proc.Owner;
import io.github.noslableak.report.Allocations;
import io.github.noslableak.report.Counting;
import io.github.noslableak.report.SlabReport;
import io.github.noslableak.report.Task;
import io.github.noslableak.report.ToleranceText;
import io.github.noslableak.report.UnjudgedText;
import io.github.noslableak.slab.UnknownCacheException;
import io.github.noslableak.trace.Frame;
import io.github.noslableak.verdict.Balance;
import io.github.noslableak.verdict.Confirmation;
import io.github.noslableak.verdict.Counts;
import io.github.noslableak.verdict.Rounds;
import io.github.noslableak.verdict.Unjudged;
import io.github.noslableak.verdict.Verdict;
import io.github.noslableak.verdict.Whose;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The end of a measurement: the last count, the verdict, and the evidence for it.
 *
 * @param examined what is known until then
 */
record Closing(Plan plan, Settings settings, Workplace workplace, Examined examined) {

  /** Wait for objects held by our own tracing after it is closed. */
  private static final Duration LAST_PATIENCE = Duration.ofMillis(80);

  /** Each socket is an inode of this cache. */
  private static final String SOCKETS = "sock_inode_cache";

  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
  private static final Duration LOOK = Duration.ofMillis(50);
  private static final Duration LAST_LOOK = Duration.ofMillis(250);

  Outcome judge(boolean tornDown) {
    FirstRun first = examined.first();
    Balance balance = first.balance();
    Optional<Rounds> confirming =
        examined
            .suspicion()
            .known()
            .filter(reran -> reran.shortfall().isEmpty())
            .map(Reran::rounds);
    Optional<Set<String>> cleared = confirming.map(Rounds::cleared);
    workplace.accounting().judgeUnseen(confirming.map(Rounds::uncleared).orElse(Set.of()));
    cleared.ifPresent(workplace.accounting()::clear);
    Counts after = lastCount(tornDown);
    Suspicion suspicion = finish();
    suspicion.known().ifPresent(reran -> workplace.evidence().reran());
    Confirmation confirmation = confirmation(after, suspicion);
    if (suspicion.ranAgain() && first.opening().books().isEmpty()) {
      // What following it held open is no growth of the test.
      suspicion.known().ifPresent(reran -> reran.books().close());
      after =
          after.lower(
              workplace.accounting().countBriefly(balance.ceilingsOfTheEnd(), LAST_PATIENCE));
    }
    Verdict verdict = balance.verdict(after, confirmation, left(suspicion));
    if (suspicion instanceof Suspicion.None && !isFollowed(first)) {
      verdict = Balance.byCountersAlone(verdict);
    }
    List<Unjudged> unjudged = unjudged(after, verdict);
    if (!unjudged.isEmpty() && !isLeakOfOthers(verdict, unjudged)) {
      throw new Unmeasurable(UnjudgedText.of(plan.name(), unjudged));
    }
    Verdict last =
        Balance.sensitiveEnough(
            verdict, confirmation, settings.sensitivity(), Settings.SENSITIVITY);
    return outcome(last, confirmation, unjudged, suspicion, after.took());
  }

  /**
   * Where nothing came after the count of the first run, and it showed nothing, that was the end.
   */
  private Counts lastCount(boolean tornDown) {
    FirstRun first = examined.first();
    return first
        .counted()
        .filter(counted -> counted.settled())
        .filter(counted -> examined.suspicion().known().isEmpty() && !tornDown)
        .orElseGet(() -> lastCount(first.balance().ceilingsOfTheEnd()));
  }

  /**
   * What is kept to be used again is bounded, and goes by itself: it is waited for, where sockets
   * are among what is left.
   */
  private Counts lastCount(Map<String, Long> ceilings) {
    KeptConnections kept =
        new KeptConnections(
            IdleConnections::areKept,
            counted -> mayBeSockets(counted, ceilings),
            BETWEEN_LOOKS,
            IdleConnections.LONGEST);
    return kept.count(
        () -> {
          Counts counted = workplace.accounting().countAfterLinger(ceilings, restOfLinger());
          books(examined.suspicion()).ifPresent(Books::lingered);
          return counted;
        },
        () -> workplace.accounting().countBriefly(ceilings, LOOK),
        () -> workplace.accounting().countBriefly(ceilings, LAST_LOOK));
  }

  /**
   * What takes its time anyway is done while what only takes its time goes away. For what goes away
   * when caches are dropped, half of the linger is left.
   */
  private Duration restOfLinger() {
    long start = System.nanoTime();
    try {
      examined.suspicion().known().map(Reran::books).ifPresent(Books::nameFunctions);
    } catch (UncheckedIOException | MalformedKernelDataException e) {
      // The books are finished after the count, which will find the same.
    }
    Duration rest = settings.linger().minusNanos(System.nanoTime() - start);
    Duration half = settings.linger().dividedBy(2);
    return rest.compareTo(half) < 0 ? half : rest;
  }

  private static boolean isFollowed(FirstRun first) {
    return first.opening().books().filter(books -> books.statement().isFollowed()).isPresent();
  }

  private static boolean mayBeSockets(Counts counted, Map<String, Long> ceilings) {
    boolean watched = counted.rows().containsKey(SOCKETS);
    return !counted.settled()
        && (!watched || counted.of(SOCKETS).orElse(0) > ceilings.getOrDefault(SOCKETS, 0L));
  }

  /** Reads the books for the last time. */
  private Suspicion finish() {
    Suspicion suspicion = examined.suspicion();
    Optional<Books> books =
        suspicion instanceof Suspicion.Unconfirmed
            ? examined.first().opening().books()
            : suspicion.known().map(Reran::books);
    try {
      books.ifPresent(Books::finish);
      return suspicion;
    } catch (UncheckedIOException | MalformedKernelDataException e) {
      workplace.evidence().brokeOff();
      books.ifPresent(Books::close);
      return Suspicion.Broken.by(e, suspicion.ranAgain());
    }
  }

  private Confirmation confirmation(Counts after, Suspicion suspicion) {
    Balance balance = examined.first().balance();
    if (suspicion instanceof Suspicion.Confirmed confirmed) {
      Reran reran = confirmed.reran();
      return reran
          .rounds()
          .confirmation(
              balance.excessOverTest(after), balance.excessSinceFirstRun(after), reran.shortfall());
    }
    if (suspicion instanceof Suspicion.Unconfirmed unconfirmed) {
      return examined
          .first()
          .opening()
          .books()
          .filter(books -> books.statement().isFollowed() && books.periods() > 0)
          .map(books -> balance.ofOnlyRun(after, books.statement(), unconfirmed.why()))
          .orElseGet(() -> Confirmation.impossible(unconfirmed.why()));
    }
    return suspicion instanceof Suspicion.Broken broken
        ? Confirmation.impossible(broken.why())
        : Confirmation.unneeded();
  }

  private static Balance.Rerun left(Suspicion suspicion) {
    if (suspicion instanceof Suspicion.Confirmed confirmed) {
      return new Balance.Rerun.Known(confirmed.reran().rounds());
    }
    return suspicion.ranAgain() ? new Balance.Rerun.Unknown() : new Balance.Rerun.None();
  }

  private static boolean isLeakOfOthers(Verdict verdict, List<Unjudged> unjudged) {
    Set<String> names = unjudged.stream().map(Unjudged::cache).collect(Collectors.toSet());
    return verdict instanceof Verdict.Leak leak
        && leak.leaked().stream().anyMatch(growth -> !names.contains(growth.cache()));
  }

  /**
   * Returns the caches that cannot be judged. Which caches share their slabs is asked again only
   * where something grew: without growth, no other cache's objects were counted.
   */
  private List<Unjudged> unjudged(Counts after, Verdict verdict) {
    Balance balance = examined.first().balance();
    if (verdict instanceof Verdict.Clean) {
      return balance.unjudged(after, balance.terms());
    }
    try {
      return balance.unjudged(after, workplace.termsNow(plan));
    } catch (UnknownCacheException e) {
      return List.of(new Unjudged.Vanished(String.join(", ", plan.caches())));
    }
  }

  /** Evidence is asked for first of all: asking the host for its memory opens files. */
  private Outcome outcome(
      Verdict verdict,
      Confirmation confirmation,
      List<Unjudged> unjudged,
      Suspicion suspicion,
      Duration waited) {
    boolean hasRounds =
        suspicion.known().filter(reran -> !reran.course().rounds().isEmpty()).isPresent();
    Grown grown =
        Grown.of(verdict, workplace.selection().watched(), hasRounds, followed(suspicion));
    boolean clean = verdict instanceof Verdict.Clean;
    Facts facts = clean ? Facts.none() : workplace.evidence().facts(grown);
    if (verdict instanceof Verdict.Leak && wasCollected(suspicion, grown.caches())) {
      facts.collected();
    }
    Findings findings =
        new Findings(
            plan,
            workplace.selection(),
            new Findings.Judged(verdict, confirmation, unjudged),
            new Findings.Went(
                Optional.of(examined.first().took()), examined.first().slopes(verdict.growths())),
            new Counting(
                workplace.exact(),
                waited,
                examined.first().balance().opening().settled(),
                unfollowed(suspicion).map(Obstacle::sentence)));
    SlabReport report =
        findings.report(facts, clean ? Optional.empty() : allocations(suspicion, grown.caches()));
    warn(report);
    return Outcome.of(settings, workplace.selection(), verdict, confirmation, report);
  }

  private Followed followed(Suspicion suspicion) {
    return new Followed() {
      @Override
      public Set<At> left(Set<String> caches) {
        return books(suspicion).map(books -> Workplace.left(books, caches)).orElse(Set.of());
      }

      @Override
      public Optional<Set<Integer>> allocators(Set<String> caches) {
        return allocated(suspicion, caches)
            .map(allocated -> processes(allocated, group -> group.whose() == Whose.OWN));
      }

      @Override
      public Set<Integer> descendants(Set<String> caches) {
        return allocated(suspicion, caches)
            .map(allocated -> processes(allocated, group -> group.owner().whose() == Whose.OWN))
            .orElse(Set.of());
      }

      private Set<Integer> processes(List<Allocated> allocated, Predicate<Allocated> matters) {
        return allocated.stream()
            .filter(matters)
            .map(group -> group.owner().processId())
            .collect(Collectors.toSet());
      }
    };
  }

  private static boolean wasCollected(Suspicion suspicion, Set<String> caches) {
    return suspicion
        .known()
        .map(reran -> reran.books().statement())
        .filter(books -> caches.stream().anyMatch(books::wasCollected))
        .isPresent();
  }

  // Of a test that passes, hardly anybody reads a report.
  @SuppressWarnings("SystemOut")
  private static void warn(SlabReport report) {
    ToleranceText.warnings(report).forEach(System.err::println);
  }

  private Optional<Books> books(Suspicion suspicion) {
    return suspicion.known().map(Reran::books).or(() -> examined.first().opening().books());
  }

  private Optional<Obstacle> unfollowed(Suspicion suspicion) {
    return books(suspicion).flatMap(Books::unfollowed);
  }

  private Optional<Allocations> allocations(Suspicion suspicion, Set<String> caches) {
    return allocated(suspicion, caches)
        .map(
            allocated ->
                new Allocations(
                    allocated.stream().map(Closing::described).toList(),
                    books(suspicion).map(books -> books.statement().lostEvents()).orElse(0L)));
  }

  private static Allocations.Group described(Allocated allocated) {
    Owner owner = allocated.owner();
    return new Allocations.Group(
        allocated.cache(),
        allocated.whose(),
        new Task(
            owner.name(), owner.processId(), owner.processId() == ProcessHandle.current().pid()),
        allocated.objects(),
        allocated.stack().stream().map(Frame::displayName).toList(),
        allocated.iteration());
  }

  private Optional<List<Allocated>> allocated(Suspicion suspicion, Set<String> caches) {
    Optional<Books> first = examined.first().opening().books().filter(of -> of.periods() > 0);
    boolean hasRounds =
        suspicion.known().filter(reran -> !reran.course().rounds().isEmpty()).isPresent();
    return hasRounds || (first.isEmpty() && suspicion.known().isPresent())
        ? suspicion.known().flatMap(reran -> reran.allocated(caches))
        : first.flatMap(books -> books.allocated(caches, List.of(0)));
  }
}
