package io.github.noslableak.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.evidence.OpenFiles.Holder;
import io.github.noslableak.evidence.ProcessEvidence.Holdings;
import io.github.noslableak.report.Elsewhere;
import io.github.noslableak.report.HoldingProcess;
import io.github.noslableak.report.LeftBehind;
import io.github.noslableak.report.Relation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessEvidenceTests {

  @ParameterizedTest
  @CsvSource({
    "/usr/lib/x86_64-linux-gnu/libudev.so.1.7.5, true",
    "/opt/java/lib/libnio.so, true",
    "/srv/data/spool-1, false",
    "/srv/data/readme.sorted, false",
    "/srv/data/x.so.bak, false"
  })
  void a_library_is_told_from_data(String file, boolean expected) {
    assertThat(ProcessEvidence.isLibrary(file)).isEqualTo(expected);
  }

  private static final int SELF = (int) ProcessHandle.current().pid();

  private static final Holder JVM = new Holder(SELF, 5, "java", true);
  private static final Holder CHILD = new Holder(SELF + 1, 7, "bash", true);
  private static final Holder SERVICE = new Holder(SELF + 2, 9, "relayd", false);

  private static Holdings holdings(Map<Holder, Held> processes, String... files) {
    return new Holdings(
        new OpenFiles(processes, Set.of()),
        new FilesInMemory(Stream.of(files).map(Path::of).collect(Collectors.toSet()), true));
  }

  private static Held files(int times) {
    return held(HeldKind.FILE, "/srv/data", times);
  }

  private static Held held(HeldKind kind, String target, int times) {
    return new Held(times == 0 ? Map.of() : Map.of(kind, Map.of(target, times)));
  }

  private static Grown leak(long leftByRounds) {
    return new Grown(Set.of("filp"), Map.of("filp", leftByRounds), true, true, Optional.empty());
  }

  private final Deque<Optional<Holdings>> looks = new ArrayDeque<>();
  private final List<Duration> limits = new ArrayList<>();

  private final ProcessEvidence evidence =
      new ProcessEvidence(
          most -> {
            limits.add(most);
            return looks.removeFirst();
          });

  private Optional<Elsewhere> elsewhere(Grown grown) {
    evidence.suspicion(Duration.ofMillis(200));
    evidence.lookAgain(grown);
    Facts facts = new Facts();
    evidence.facts(grown, facts);
    return facts.elsewhere();
  }

  private static Elsewhere since(Holdings earlier, Holdings now, Grown grown) {
    return ProcessEvidence.since(earlier, now, grown, LeftBehind.nothing());
  }

  @Test
  void who_holds_as_many_more_as_the_rounds_left_is_named() {
    looks.add(Optional.of(holdings(Map.of(JVM, files(1), CHILD, files(2), SERVICE, files(0)))));
    looks.add(Optional.of(holdings(Map.of(JVM, files(9), CHILD, files(5), SERVICE, files(2)))));

    assertThat(elsewhere(leak(3)))
        .contains(
            new Elsewhere(
                List.of(
                    new HoldingProcess(
                        "bash",
                        SELF + 1,
                        Relation.CHILD,
                        3,
                        List.of("/srv/data", "/srv/data", "/srv/data"))),
                List.of(),
                3,
                0,
                true));
    assertThat(limits).containsExactly(Duration.ofMillis(200), Duration.ofMillis(500));
  }

  @Test
  void a_look_takes_half_a_second_at_most() {
    looks.add(Optional.empty());

    evidence.suspicion(Duration.ofSeconds(9));

    assertThat(limits).containsExactly(Duration.ofMillis(500));
  }

  @Test
  void of_processes_that_started_since_only_the_tests_own_count() {
    Holdings none = holdings(Map.of());
    Holdings both = holdings(Map.of(CHILD, files(3), SERVICE, files(3)));

    assertThat(since(none, both, leak(3)).processes())
        .extracting(HoldingProcess::name)
        .containsExactly("bash");
  }

  /** What was followed was the test's, so whoever has nothing of it is unrelated. */
  @Test
  void an_unrelated_process_is_named_for_the_very_objects_alone() {
    Holdings before = holdings(Map.of(SERVICE, files(0)));
    Holdings later = holdings(Map.of(SERVICE, held(HeldKind.SOCKET, "socket:[4711]", 3)));
    LeftBehind other = left("socket:[99] TCP 127.0.0.1:80 LISTEN");
    LeftBehind same = left("socket:[4711] TCP 127.0.0.1:80 LISTEN");

    assertThat(ProcessEvidence.since(before, later, followed(), other).processes()).isEmpty();
    assertThat(ProcessEvidence.since(before, later, followed(), same).processes())
        .extracting(HoldingProcess::relation)
        .containsExactly(Relation.NONE);
    assertThat(ProcessEvidence.since(before, later, leak(3), other).processes())
        .as("by counters alone it may be anybody's")
        .hasSize(1);
  }

  @Test
  void a_file_is_the_same_when_its_name_is_removed() {
    Holdings before = holdings(Map.of(SERVICE, files(0)));
    Holdings later = holdings(Map.of(SERVICE, held(HeldKind.FILE, "/tmp/spool (deleted)", 3)));

    assertThat(ProcessEvidence.since(before, later, followed(), left("/tmp/spool")).processes())
        .hasSize(1);
  }

  /** What it has open are files of its own. */
  @Test
  void a_process_that_opened_the_same_path_for_itself_holds_nothing_of_it() {
    Holdings before = holdings(Map.of(SERVICE, files(0)));
    Holdings later = holdings(Map.of(SERVICE, held(HeldKind.FILE, "/srv/data", 3)));
    int service = SERVICE.processId();

    assertThat(
            ProcessEvidence.since(
                    before, later, followed(), left("/srv/data").withOpeners(Set.of(SELF)))
                .processes())
        .isEmpty();
    assertThat(
            ProcessEvidence.since(
                    before, later, followed(), left("/srv/data").withOpeners(Set.of(service)))
                .processes())
        .hasSize(1);
  }

  /** Init has adopted it, but the ledger saw whom it descends from. */
  @Test
  void a_process_that_allocated_what_is_left_is_the_tests() {
    Holdings later = holdings(Map.of(SERVICE, held(HeldKind.FILE, "/srv/data", 3)));

    assertThat(
            ProcessEvidence.since(holdings(Map.of()), later, followed(SELF + 2), left("/srv/data"))
                .processes())
        .containsExactly(
            new HoldingProcess(
                "relayd",
                SELF + 2,
                Relation.STARTED,
                3,
                List.of("/srv/data", "/srv/data", "/srv/data")));
    assertThat(
            ProcessEvidence.since(holdings(Map.of()), later, followed(SELF + 2), left("/srv/other"))
                .processes())
        .extracting(HoldingProcess::added)
        .as("what any process holds from its start on")
        .containsExactly(List.of());
  }

  private static LeftBehind left(String name) {
    return LeftBehind.of(List.of(new LeftBehind.Left("filp", name, OptionalLong.of(1))));
  }

  private static Grown followed(Integer... allocators) {
    return followed(Set.of(allocators), allocators);
  }

  /** It allocates for the test, which names it and did not start it. */
  @Test
  void a_named_daemon_is_a_holder_and_not_the_tests_own_process() {
    Holdings later = holdings(Map.of(SERVICE, held(HeldKind.FILE, "/srv/data", 3)));

    assertThat(
            ProcessEvidence.since(
                    holdings(Map.of()), later, followed(Set.of(), SELF + 2), left("/srv/data"))
                .processes())
        .extracting(HoldingProcess::relation)
        .containsExactly(Relation.NONE);
  }

  @Test
  void where_it_is_not_known_what_is_left_others_may_hold_it() {
    Holdings before = holdings(Map.of(SERVICE, files(0)));

    assertThat(
            ProcessEvidence.since(
                    before,
                    holdings(Map.of(SERVICE, files(3))),
                    followed(),
                    LeftBehind.unread("locked down"))
                .processes())
        .hasSize(1);
  }

  /** Such as a build beside, while semaphores leak. */
  @Test
  void nobody_is_named_for_files_where_no_file_holds_what_is_left() {
    Holdings before = holdings(Map.of(SERVICE, files(0)));
    Holdings later = holdings(Map.of(SERVICE, files(15)));
    Grown semaphores =
        new Grown(
            Set.of("kmalloc-cg-512"),
            Map.of("kmalloc-cg-512", 3L),
            true,
            true,
            Optional.empty(),
            followed().followed());

    assertThat(since(before, later, semaphores).processes()).isEmpty();
  }

  /**
   * Such as what a selector knows of a channel: nothing was looked at, for nothing is read of it.
   */
  @Test
  void nobody_is_named_for_files_that_are_not_known_to_be_of_what_is_left() {
    Holdings before = holdings(Map.of(SERVICE, files(0)));
    Holdings later = holdings(Map.of(SERVICE, files(6)));
    Grown registered =
        new Grown(
            Set.of("eventpoll_epi"),
            Map.of("eventpoll_epi", 3L),
            true,
            true,
            Optional.empty(),
            followed().followed());

    assertThat(since(before, later, registered).processes()).isEmpty();
  }

  private static Grown followed(Set<Integer> descendants, Integer... allocators) {
    return new Grown(
        Set.of("filp"),
        Map.of("filp", 3L),
        true,
        true,
        Optional.empty(),
        new Followed() {
          @Override
          public Set<At> left(Set<String> caches) {
            return Set.of();
          }

          @Override
          public Optional<Set<Integer>> allocators(Set<String> caches) {
            return Optional.of(Set.of(allocators));
          }

          @Override
          public Set<Integer> descendants(Set<String> caches) {
            return descendants;
          }
        });
  }

  @Test
  void this_JVM_is_told_for_what_it_maps_unless_that_is_libraries_alone() {
    Holdings none = holdings(Map.of(JVM, files(0)));

    assertThat(
            since(none, holdings(Map.of(JVM, held(HeldKind.MAPPED, "/srv/index", 3))), leak(3))
                .processes())
        .extracting(HoldingProcess::relation)
        .containsExactly(Relation.SELF);
    assertThat(
            since(
                    none,
                    holdings(Map.of(JVM, held(HeldKind.MAPPED, "/lib/libudev.so.1", 3))),
                    leak(3))
                .processes())
        .isEmpty();
  }

  @Test
  void as_many_files_in_memory_as_the_rounds_left_are_told() {
    Holdings none = holdings(Map.of());
    Holdings two = holdings(Map.of(), "/dev/shm/a", "/dev/shm/b");

    assertThat(since(none, two, leak(2)).inMemory()).containsExactly("/dev/shm/a", "/dev/shm/b");
    assertThat(since(none, two, leak(3)).inMemory()).isEmpty();
  }

  @Test
  void without_a_round_nobody_is_looked_into_again() {
    looks.add(Optional.of(holdings(Map.of())));

    assertThat(elsewhere(new Grown(Set.of("filp"), Map.of(), true, false, Optional.empty())))
        .isEmpty();
  }

  @Test
  void a_machine_that_does_not_let_itself_be_looked_at_says_nothing() {
    looks.add(Optional.empty());

    assertThat(elsewhere(leak(3))).isEmpty();
  }
}
