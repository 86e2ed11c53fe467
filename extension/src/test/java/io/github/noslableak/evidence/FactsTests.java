package io.github.noslableak.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.report.Allocations;
import io.github.noslableak.report.Booked;
import io.github.noslableak.report.DescriptorCount;
import io.github.noslableak.report.Elsewhere;
import io.github.noslableak.report.Holders;
import io.github.noslableak.report.InKernel;
import io.github.noslableak.report.LeftBehind;
import io.github.noslableak.report.Machine;
import io.github.noslableak.report.OpenedInJava;
import io.github.noslableak.report.Registered;
import io.github.noslableak.report.Registration;
import io.github.noslableak.report.SlabReport;
import io.github.noslableak.report.Task;
import io.github.noslableak.report.UnreturnedReferences;
import io.github.noslableak.verdict.Whose;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class FactsTests {

  private static final Optional<Holders.OpenFileCount> OPEN_FILES =
      Optional.of(new Holders.OpenFileCount(10, 12));

  private static final Registration WATCHES =
      new Registration(Registered.WATCH, "anon_inode:inotify", 3);

  private static final InKernel.Use LOOP =
      InKernel.Use.ofLoop("/dev/loop3", "/tmp/image (deleted)");

  static final Machine MACHINE =
      new Machine(
          "Linux", new Machine.Hardware(1L << 30, 1, Optional.empty()), List.of(), List.of());

  private static final Allocations FOLLOWED =
      new Allocations(
          List.of(
              new Allocations.Group(
                  "dentry", Whose.OWN, new Task("java", 17, true), 3, List.of("d_alloc"), 1)),
          7);

  private static final Booked COUNTED = new Booked.Counted("dentry", 3, List.of("d_alloc"));

  private static final Booked UNREFERENCED = new Booked.Unreferenced(64, 3, List.of("d_alloc"));

  @Test
  void nothing_found_explains_nothing() {
    Facts none = Facts.none();

    assertThat(none.evidence(Optional.empty())).isEmpty();
    assertThat(none.evidence(Optional.of(FOLLOWED))).isEmpty();
    assertThat(none.availableMemoryBytes()).isEmpty();
  }

  @Test
  void what_each_source_says_comes_together() {
    Elsewhere elsewhere = new Elsewhere(List.of(), List.of("/dev/shm/a"), 9, 1, true);
    List<DescriptorCount> counts = List.of(new DescriptorCount("sockets", 1, 2));
    OpenedInJava openedInJava =
        OpenedInJava.left(
            Optional.empty(),
            List.of(new OpenedInJava.Place("sockets", 1, List.of("io.example.Relay"))));
    Facts facts = new Facts();
    facts.add(
        new Facts.OfMachine(MACHINE, OPEN_FILES, List.of("/mnt (tmpfs)"), OptionalLong.of(99)));
    facts.add(new Facts.OfJvm(counts, List.of("socket:[1]"), 1, true));
    facts.add(elsewhere);
    facts.add(openedInJava);
    LeftBehind left = LeftBehind.unread("locked down");
    facts.add(left);
    facts.addRegistrations(List.of(WATCHES));
    facts.addUses(List.of(LOOP));

    assertThat(facts.availableMemoryBytes()).hasValue(99);
    assertThat(facts.evidence(Optional.of(FOLLOWED)))
        .contains(
            new SlabReport.Evidence(
                Optional.of(FOLLOWED),
                UnreturnedReferences.none(),
                left,
                new Holders(
                    counts,
                    List.of("socket:[1]"),
                    1,
                    true,
                    OPEN_FILES,
                    List.of("/mnt (tmpfs)"),
                    Optional.of(elsewhere),
                    openedInJava,
                    new InKernel(List.of(WATCHES), List.of(LOOP)),
                    false),
                MACHINE));
  }

  @Test
  void the_kernels_books_stand_beside_what_was_followed() {
    Facts facts = new Facts();
    facts.add(new Facts.OfMachine(MACHINE, OPEN_FILES, List.of(), OptionalLong.empty()));
    facts.addBooked(List.of(COUNTED));
    facts.addBooked(List.of(UNREFERENCED));
    List<Booked> both = List.of(COUNTED, UNREFERENCED);

    assertThat(facts.evidence(Optional.of(FOLLOWED)).orElseThrow().allocations())
        .contains(FOLLOWED.with(both));
    assertThat(facts.evidence(Optional.empty()).orElseThrow().allocations())
        .contains(new Allocations(List.of(), 0, both));
  }
}
