package io.github.noslableak.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.evidence.Held;
import io.github.noslableak.evidence.HeldKind;
import io.github.noslableak.evidence.OpenFiles;
import io.github.noslableak.evidence.OpenFiles.Growth;
import io.github.noslableak.evidence.OpenFiles.Holder;
import io.github.noslableak.testkit.Child;
import io.github.noslableak.testkit.Leaks;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the processes of this machine hold. */
@LiveTest
class OpenFilesScanTests {

  private static final Set<HeldKind> ALL = Set.of(HeldKind.values());
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final int SELF = (int) ProcessHandle.current().pid();

  /** Opens six files beyond the three that it has, when a line comes in, and ends with the next. */
  private static final String OPENER =
      "echo started; read line; cd /dev/shm; exec 3<$0 4<$0 5<$0 6<$0 7<$0 8<$0; echo opened;"
          + " read line";

  @RegisterExtension final Leaks leaks = new Leaks();

  @Test
  void a_child_that_opens_files_is_told_with_their_names() throws Exception {
    Path file = Files.createTempFile("noslableak", ".open");
    leaks.undo(() -> Files.delete(file));
    Child child = leaks.keep(Child.start("sh", "-c", OPENER, file.toString()));
    child.awaitLine("started");
    OpenFiles before = OpenFiles.scan(LIMIT);
    child.say("");
    child.awaitLine("opened");

    assertThat(OpenFiles.scan(LIMIT).since(before, ALL))
        .filteredOn(growth -> growth.holder().processId() == child.pid())
        .singleElement()
        .satisfies(
            growth -> {
              assertThat(growth.holder().name()).isEqualTo("sh");
              assertThat(growth.holder().own()).isTrue();
              assertThat(growth.started()).isFalse();
              assertThat(growth.growth()).isEqualTo(Map.of(HeldKind.FILE, 6L));
              assertThat(growth.added()).isEqualTo(Map.of(file.toString(), 6));
            });
  }

  @Test
  void this_jvms_own_descriptors_are_there_and_no_scan_holds_any() throws Exception {
    OpenFiles ignored = OpenFiles.scan(LIMIT); // The first one loads classes.
    OpenFiles before = OpenFiles.scan(LIMIT);
    try (ServerSocket first = new ServerSocket(0);
        ServerSocket second = new ServerSocket(0)) {
      OpenFiles after = OpenFiles.scan(LIMIT);

      assertThat(after.since(before, ALL))
          .filteredOn(growth -> growth.holder().processId() == SELF)
          .singleElement()
          .satisfies(
              growth -> {
                assertThat(growth.holder().own()).isTrue();
                assertThat(growth.growth()).isEqualTo(Map.of(HeldKind.SOCKET, 2L));
              });
      assertThat(first.getLocalPort()).isNotEqualTo(second.getLocalPort());
    }
    assertThat(OpenFiles.scan(LIMIT).since(before, ALL))
        .filteredOn(growth -> growth.holder().processId() == SELF)
        .isEmpty();
  }

  @Test
  void every_process_with_its_program_and_mapped_files_is_seen() throws Exception {
    OpenFiles now = OpenFiles.scan(LIMIT);

    // Others may be out of reach even of root, as a sandbox's first process is.
    assertThat(now.unread()).doesNotContain(SELF);
    Held own =
        now.processes().entrySet().stream()
            .filter(entry -> entry.getKey().processId() == SELF)
            .map(Map.Entry::getValue)
            .findFirst()
            .orElseThrow();
    assertThat(own.targets().getOrDefault(HeldKind.PLACE, Map.of()).keySet())
        .anyMatch(target -> target.endsWith("/java"))
        .contains("/");
    assertThat(own.targets().getOrDefault(HeldKind.MAPPED, Map.of()).keySet())
        .anyMatch(target -> target.endsWith("/libjvm.so"));
    assertThat(now.processes().keySet()).anyMatch(holder -> !holder.own());
  }

  @Test
  void a_scan_without_time_says_what_it_did_not_see_and_tells_no_growth_of_it() throws Exception {
    OpenFiles hasty = OpenFiles.scan(Duration.ZERO);

    assertThat(hasty.processes()).isEmpty();
    assertThat(hasty.unread()).contains(SELF);
    assertThat(OpenFiles.scan(LIMIT).since(hasty, ALL))
        .extracting(Growth::holder)
        .extracting(Holder::processId)
        .doesNotContain(SELF);
  }

  @Test
  void processes_that_come_and_go_meanwhile_do_no_harm() throws Exception {
    leaks.keep(Child.start("sh", "-c", "while :; do /bin/true & /bin/true; wait; done"));
    for (int i = 0; i < 20; i++) {
      OpenFiles now = OpenFiles.scan(LIMIT);
      assertThat(now.since(new OpenFiles(Map.of(), Set.of()), ALL)).isNotEmpty();
    }
  }
}
