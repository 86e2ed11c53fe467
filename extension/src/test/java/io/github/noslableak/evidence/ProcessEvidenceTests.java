package io.github.noslableak.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.evidence.OpenFiles.Held;
import io.github.noslableak.evidence.OpenFiles.Holder;
import io.github.noslableak.evidence.OpenFiles.Kind;
import io.github.noslableak.evidence.ProcessEvidence.Holdings;
import io.github.noslableak.report.Holders;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    return held(Kind.FILE, "/srv/data", times);
  }

  private static Held held(Kind kind, String target, int times) {
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

  private Optional<Holders.Elsewhere> elsewhere(Grown grown) {
    evidence.suspicion(Duration.ofMillis(200));
    evidence.lookAgain(grown);
    Facts facts = new Facts();
    evidence.facts(grown, facts);
    return facts.elsewhere();
  }

  @Test
  void who_holds_as_many_more_as_the_rounds_left_is_named() {
    looks.add(Optional.of(holdings(Map.of(JVM, files(1), CHILD, files(2), SERVICE, files(0)))));
    looks.add(Optional.of(holdings(Map.of(JVM, files(9), CHILD, files(5), SERVICE, files(2)))));

    assertThat(elsewhere(leak(3)))
        .contains(
            new Holders.Elsewhere(
                List.of(
                    new Holders.Holder(
                        "bash",
                        SELF + 1,
                        Holders.Relation.CHILD,
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

    assertThat(ProcessEvidence.since(none, both, 3).processes())
        .extracting(Holders.Holder::name)
        .containsExactly("bash");
  }

  @Test
  void this_JVM_is_told_for_what_it_maps_unless_that_is_libraries_alone() {
    Holdings none = holdings(Map.of(JVM, files(0)));

    assertThat(
            ProcessEvidence.since(
                    none, holdings(Map.of(JVM, held(Kind.MAPPED, "/srv/index", 3))), 3)
                .processes())
        .extracting(Holders.Holder::relation)
        .containsExactly(Holders.Relation.SELF);
    assertThat(
            ProcessEvidence.since(
                    none, holdings(Map.of(JVM, held(Kind.MAPPED, "/lib/libudev.so.1", 3))), 3)
                .processes())
        .isEmpty();
  }

  @Test
  void as_many_files_in_memory_as_the_rounds_left_are_told() {
    Holdings none = holdings(Map.of());
    Holdings two = holdings(Map.of(), "/dev/shm/a", "/dev/shm/b");

    assertThat(ProcessEvidence.since(none, two, 2).inMemory())
        .containsExactly("/dev/shm/a", "/dev/shm/b");
    assertThat(ProcessEvidence.since(none, two, 3).inMemory()).isEmpty();
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
