package io.github.noslableak.examples.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.github.noslableak.MountLeakError;
import io.github.noslableak.NoSlabLeak;
import io.github.noslableak.PrivateMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A record lost on an error path, and a reference that no counter shows. */
class OtherBugsTests {

  @BeforeAll
  static void warmUp() throws IOException {
    HookModule.reset();
    IoPath.runEach();
    submit(1, 1);
  }

  @BeforeEach
  @AfterEach
  void reset() {
    HookModule.reset();
  }

  private static void submit(int good, int bad) throws IOException {
    for (int i = 0; i < good; i++) {
      HookModule.write("submit", "ok");
    }
    for (int i = 0; i < bad; i++) {
      assertThatIOException().isThrownBy(() -> HookModule.write("submit", "garbage"));
    }
  }

  static class ProductTestCases {

    @BeforeEach
    void count() {
      HookedRun.body();
    }

    /** The records have 200 bytes. */
    @Test
    @NoSlabLeak(caches = "kmalloc-256")
    void takes_records() throws IOException {
      submit(30, 0);
    }

    @Test
    @NoSlabLeak(caches = "kmalloc-256")
    void refuses_records() throws IOException {
      submit(30, 30);
    }

    @Test
    @NoSlabLeak(caches = "@kmalloc")
    void refuses_records_watching_every_size() throws IOException {
      submit(30, 30);
    }

    @Test
    @NoSlabLeak(caches = "kmalloc-256")
    void keeps_records() throws IOException {
      for (int i = 0; i < 30; i++) {
        HookModule.write("submit", "keep");
      }
    }

    @Test
    @NoSlabLeak
    void closes_one_file_often() throws IOException {
      Path file = IoPath.fresh();
      HookModule.set("leak", "Y");
      for (int i = 0; i < 300; i++) {
        Files.write(file, new byte[1]);
      }
      HookModule.set("leak", "N");
      Files.delete(file);
    }

    @Test
    @NoSlabLeak
    void closes_files() throws IOException {
      HookModule.set("pin", "Y");
      for (int i = 0; i < 100; i++) {
        IoPath.OUTPUT_STREAM.run();
      }
      HookModule.set("pin", "N");
    }

    @Test
    @NoSlabLeak
    void closes_files_on_a_mount_of_its_own(@PrivateMount Path dir) throws IOException {
      Path file = dir.resolve("file");
      HookModule.set("pin", "Y");
      for (int i = 0; i < 100; i++) {
        Files.write(file, new byte[1]);
      }
      HookModule.set("pin", "N");
      Files.delete(file);
    }

    @Test
    @NoSlabLeak
    void closes_files_on_a_mount_of_its_own_correctly(@PrivateMount Path dir) throws IOException {
      Path file = dir.resolve("file");
      for (int i = 0; i < 100; i++) {
        Files.write(file, new byte[1]);
      }
      Files.delete(file);
    }
  }

  private static HookedRun run(String test) {
    return HookedRun.of(ProductTestCases.class, test);
  }

  @Test
  void should_pass_records_that_are_freed() {
    HookedRun run = run("takes_records");

    assertThat(run.failure()).isEmpty();
    assertThat(run.dropped()).isZero();
  }

  private static void assertLosesThirtyRecords(HookedRun run) {
    assertThat(run.bodies()).isGreaterThanOrEqualTo(1 + 1 + 2);
    assertThat(run.dropped()).isEqualTo(30L * run.bodies());
    assertThat(run.leak().growth().of("kmalloc-256")).isEqualTo(30);
    assertThat(run.leak().growth().perIteration("kmalloc-256")).isEqualTo(30);
    assertThat(String.valueOf(run.leak().getMessage()))
        .contains("Each allocation was followed")
        .containsPattern(
            "kmalloc-256 by this JVM, first in iteration 1:\\n.*leaky_submit \\[noslableak_hook\\]");
  }

  @Test
  void should_report_records_lost_on_the_error_path() {
    HookedRun run = run("refuses_records");

    assertLosesThirtyRecords(run);
  }

  @Test
  void should_say_that_nothing_points_at_lost_records() {
    HookedRun run = run("refuses_records");

    assertThat(run.leak())
        .hasMessageContaining("No slab and no variable points at them for sure: ");
  }

  @Test
  void should_name_the_variable_that_still_points_at_kept_records() {
    HookedRun run = run("keeps_records");

    assertLosesThirtyRecords(run);
    assertThat(run.leak())
        .hasMessageContaining("What points at them: leaky_records in module noslableak_hook")
        .hasMessageContaining(
            "- See why they are still pointed at: leaky_records in module noslableak_hook");
  }

  /** One dentry, which the counters show once, and its count tells how often it was taken. */
  @Test
  void should_show_one_name_with_hundreds_of_references() {
    HookedRun run = run("closes_one_file_often");

    assertThat(run.leak().growth().of("dentry")).isEqualTo(1);
    assertThat(run.leak())
        .message()
        .containsPattern("\\(deleted\\), 300 references")
        .contains("No slab and no variable points at them for sure: ");
  }

  @Test
  void should_report_them_also_without_knowing_their_size() {
    HookedRun run = run("refuses_records_watching_every_size");

    assertLosesThirtyRecords(run);
  }

  /**
   * What it cannot see: the hundred references are on one dentry that was there before, so nothing
   * is counted. With {@link PrivateMount} they are found.
   */
  @Test
  void should_not_see_references_on_one_and_the_same_dentry() {
    HookedRun run = run("closes_files");

    assertThat(run.pinned()).isEqualTo(100);
    assertThat(run.failure()).isEmpty();
  }

  @Test
  void should_find_them_where_the_volume_cannot_be_unmounted() {
    HookedRun run = run("closes_files_on_a_mount_of_its_own");

    assertThat(run.pinned()).isEqualTo(100L * run.bodies());
    assertThat(run.failure()).get().isInstanceOf(MountLeakError.class);
    MountLeakError error = (MountLeakError) run.failure().orElseThrow();
    assertThat(error.isLeakedReference()).isTrue();
    assertThat(error)
        .hasMessageStartingWith(
            "A reference to a file on the private mount was taken and not returned: umount of ")
        .hasMessageContaining(", and no process holds it.")
        .hasMessageContaining(
            "Which reference was not returned\n"
                + "  Since the mount was made:\n"
                + "    leaky_note_volume [noslableak_hook] took %,d references with path_get,"
                    .formatted(run.pinned())
                + " and none was returned.");
  }

  @Test
  void should_unmount_it_where_the_references_were_returned() {
    HookedRun run = run("closes_files_on_a_mount_of_its_own_correctly");

    assertThat(run.failure()).isEmpty();
    assertThat(run.hooked()).isGreaterThanOrEqualTo(100);
  }
}
