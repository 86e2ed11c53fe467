package io.github.noslableak.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.evidence.OpenFiles.Growth;
import io.github.noslableak.evidence.OpenFiles.Holder;
import io.github.noslableak.proc.Descriptors;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OpenFilesTests {

  private static final Set<HeldKind> ALL = Set.of(HeldKind.values());

  private static final Holder JVM = new Holder(100, 5, "java", true);
  private static final Holder INDEXER = new Holder(812, 9, "updatedb", false);

  private static OpenFiles open(Holder holder, HeldKind kind, Map<String, Integer> targets) {
    return new OpenFiles(Map.of(holder, new Held(Map.of(kind, targets))), Set.of());
  }

  @Test
  void a_process_that_holds_more_than_before_is_told_with_what_it_holds() {
    OpenFiles before =
        new OpenFiles(
            Map.of(
                JVM, new Held(Map.of(HeldKind.SOCKET, Map.of("socket:[1]", 1))),
                INDEXER, new Held(Map.of(HeldKind.FILE, Map.of("/dev/null", 3)))),
            Set.of());
    OpenFiles after =
        new OpenFiles(
            Map.of(
                JVM, new Held(Map.of(HeldKind.SOCKET, Map.of("socket:[1]", 1))),
                INDEXER,
                    new Held(
                        Map.of(
                            HeldKind.FILE, Map.of("/dev/null", 4, "/srv/a", 2),
                            HeldKind.PIPE, Map.of("pipe:[7]", 2)))),
            Set.of());

    assertThat(after.since(before, ALL))
        .containsExactly(
            new Growth(
                INDEXER,
                false,
                Map.of(HeldKind.FILE, 3L, HeldKind.PIPE, 2L),
                Map.of("/dev/null", 1, "/srv/a", 2, "pipe:[7]", 2)))
        .first()
        .extracting(Growth::total)
        .isEqualTo(5L);
    assertThat(after.since(after, ALL)).isEmpty();
    assertThat(before.since(after, ALL)).isEmpty();
  }

  @Test
  void the_largest_growth_comes_first() {
    OpenFiles now =
        new OpenFiles(
            Map.of(
                JVM, new Held(Map.of(HeldKind.FILE, Map.of("/a", 1))),
                INDEXER, new Held(Map.of(HeldKind.FILE, Map.of("/a", 149)))),
            Set.of());

    assertThat(now.since(new OpenFiles(Map.of(), Set.of()), ALL))
        .extracting(Growth::holder)
        .containsExactly(INDEXER, JVM);
  }

  @Test
  void as_many_other_targets_as_before_are_no_growth() {
    OpenFiles before = open(JVM, HeldKind.SOCKET, Map.of("socket:[1]", 1));
    OpenFiles after = open(JVM, HeldKind.SOCKET, Map.of("socket:[2]", 1));

    assertThat(after.since(before, ALL)).isEmpty();
  }

  @Test
  void a_process_under_a_number_that_was_given_again_is_another_process() {
    OpenFiles before = open(INDEXER, HeldKind.FILE, Map.of("/a", 5));
    OpenFiles after = open(new Holder(812, 77, "updatedb", false), HeldKind.FILE, Map.of("/a", 5));

    assertThat(after.since(before, ALL))
        .singleElement()
        .satisfies(
            growth -> {
              assertThat(growth.started()).isTrue();
              assertThat(growth.total()).isEqualTo(5);
            });
  }

  @Test
  void a_process_that_runs_another_program_since_is_the_same_process() {
    OpenFiles before = open(new Holder(812, 9, "sh", false), HeldKind.FILE, Map.of("/a", 5));

    assertThat(open(INDEXER, HeldKind.FILE, Map.of("/a", 6)).since(before, ALL))
        .singleElement()
        .satisfies(
            growth -> {
              assertThat(growth.holder().name()).isEqualTo("updatedb");
              assertThat(growth.started()).isFalse();
              assertThat(growth.total()).isEqualTo(1);
            });
  }

  @Test
  void of_a_process_that_could_not_be_looked_into_before_no_growth_is_known() {
    OpenFiles before = new OpenFiles(Map.of(), Set.of(812));

    assertThat(open(INDEXER, HeldKind.FILE, Map.of("/a", 5)).since(before, ALL)).isEmpty();
  }

  @Test
  void only_the_kinds_that_count_are_told() {
    OpenFiles before = new OpenFiles(Map.of(JVM, new Held(Map.of())), Set.of());
    OpenFiles after =
        new OpenFiles(
            Map.of(
                JVM,
                new Held(
                    Map.of(
                        HeldKind.SOCKET, Map.of("socket:[1]", 1),
                        HeldKind.MAPPED, Map.of("/srv/data", 100)))),
            Set.of());

    assertThat(after.since(before, Set.of(HeldKind.MAPPED)))
        .containsExactly(
            new Growth(JVM, false, Map.of(HeldKind.MAPPED, 100L), Map.of("/srv/data", 100)));
    assertThat(after.since(before, Set.of(HeldKind.PIPE))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void each_kind_of_descriptor_has_its_kind_here(Descriptors.Kind kind) {
    assertThat(HeldKind.of(kind).name()).isEqualTo(kind.name());
  }
}
