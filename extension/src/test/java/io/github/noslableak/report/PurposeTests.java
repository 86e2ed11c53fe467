package io.github.noslableak.report;

import static io.github.noslableak.report.Reports.growth;
import static io.github.noslableak.report.Reports.holders;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.report.Allocations.Group;
import io.github.noslableak.verdict.Whose;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the way to an allocation says of what it is for. */
class PurposeTests {

  private static Allocations allocated(Whose whose, String... frames) {
    return new Allocations(
        List.of(
            new Group("kmalloc-cg-512", whose, new Task("java", 7, true), 1, List.of(frames), 1)),
        0);
  }

  @ParameterizedTest
  @CsvSource({
    "newary, SEMAPHORES",
    "newseg, SHARED_MEMORY",
    "newque, MESSAGE_QUEUES",
    "load_msg, MESSAGES",
    "key_alloc, KEYS",
    "cgroup_mkdir, CONTROL_GROUPS",
    "mqueue_get_inode, POSIX_QUEUES",
    "copy_net_ns, NETWORK_NAMESPACES",
    "copy_ipcs, NAMESPACES",
    "__x64_sys_inotify_add_watch, WATCHES",
    "inet_twsk_alloc, TIME_WAIT",
    "copy_process, PROCESSES"
  })
  void a_function_on_the_way_tells(String function, Purpose expected) {
    assertThat(Purpose.of(allocated(Whose.OWN, "kmalloc_noprof", function, "do_syscall_64")))
        .containsExactly(expected);
    assertThat(Purpose.of(allocated(Whose.OWN, function + ".isra.0 [ipc]"))).hasSize(1);
    assertThat(Purpose.of(allocated(Whose.OTHERS, function))).isEmpty();
    assertThat(Purpose.of(allocated(Whose.OWN, "not_" + function))).isEmpty();
  }

  @Test
  void the_function_that_was_called_last_knows_best() {
    assertThat(Purpose.of(allocated(Whose.OWN, "copy_net_ns", "copy_process")))
        .containsExactly(Purpose.NETWORK_NAMESPACES);
  }

  @Test
  void a_few_of_many_say_nothing_of_the_rest() {
    Task jvm = new Task("java", 7, true);
    Allocations driver =
        new Allocations(
            List.of(
                new Group("kmalloc-64", Whose.OWN, jvm, 800, List.of("drv_ioctl"), 1),
                new Group("kmalloc-64", Whose.OWN, jvm, 1, List.of("copy_process"), 1)),
            0);

    assertThat(Purpose.of(driver)).isEmpty();
  }

  @Test
  void where_nobody_holds_them_the_purpose_is_said_with_its_command() {
    Reports report =
        Reports.leak(growth("kmalloc-cg-512", 40, 1, 1, 512))
            .allocations(allocated(Whose.OWN, "newary", "ipcget"))
            .heldBy(holders(0, 0, 640, 640));

    assertThat(report.section("Who holds them"))
        .startsWith("  The kernel holds them for System V semaphores.");
    assertThat(report.section("Next"))
        .contains("- ipcs -s lists them, ipcrm -s ID removes them.")
        .doesNotContain("in the kernel code");
  }

  @Test
  void whoever_holds_them_is_told_instead() {
    assertThat(
            Reports.leak(growth("filp", 40, 1, 1, 192))
                .allocations(allocated(Whose.OWN, "newary"))
                .heldBy(holders(0, 1, 640, 641))
                .text())
        .doesNotContain("semaphores");
  }

  /** Not all allocations are followed, and of some it is not told from where they come. */
  @Test
  void where_stacks_tell_nothing_the_cache_does() {
    assertThat(Purpose.of(Optional.empty(), Set.of("msg_msg-256", "kmalloc-64")))
        .containsExactly(Purpose.MESSAGES);
    assertThat(
            Purpose.of(Optional.of(allocated(Whose.OWN, "drv_ioctl")), Set.of("key_jar", "dentry")))
        .containsExactly(Purpose.KEYS);
    assertThat(Purpose.of(Optional.of(allocated(Whose.OWN, "newary")), Set.of("key_jar")))
        .containsExactly(Purpose.SEMAPHORES);
    assertThat(Purpose.of(Optional.empty(), Set.of("dentry", "kmalloc-512"))).isEmpty();
  }
}
