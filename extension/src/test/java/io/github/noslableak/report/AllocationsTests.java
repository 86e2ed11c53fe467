package io.github.noslableak.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.verdict.Whose;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AllocationsTests {

  private static final Task SELF = new Task("java", 17, true);
  private static final Task INTERRUPT = new Task("interrupt", 0, false);
  private static final Task SLUB = new Task("SLUB", 0, false);
  private static final Task BACKUP = new Task("backupd", 7, false);

  @Test
  void what_the_kernels_own_books_say() {
    Allocations allocations =
        new Allocations(List.of(), 0)
            .with(List.of(new Booked.Counted("dentry", 3, List.of("__d_alloc", "d_alloc"))));

    assertThat(allocations.lines())
        .containsExactly("slub_debug counts 3 dentry more, allocated by:", "  __d_alloc < d_alloc");
  }

  @Test
  void what_kmemleak_found() {
    Allocations allocations =
        new Allocations(List.of(), 0)
            .with(List.of(new Booked.Unreferenced(4096, 1_200, List.of("kmalloc", "leaky_open"))));

    assertThat(allocations.lines())
        .containsExactly(
            "kmemleak found 1,200 objects of 4096 bytes, to which nothing refers any more, allocated"
                + " by:",
            "  kmalloc < leaky_open");
  }

  private static Allocations.Group group(Whose whose, Task owner, long objects, int frames) {
    return new Allocations.Group(
        "dentry",
        whose,
        owner,
        objects,
        IntStream.range(0, frames).mapToObj(i -> "f" + i).toList(),
        3);
  }

  @Test
  void the_tests_own_come_in_full_and_others_in_a_line_for_each_process() {
    assertThat(
            new Allocations(
                    List.of(
                        group(Whose.OTHERS, BACKUP, 4, 1),
                        group(Whose.KERNEL, INTERRUPT, 9, 2),
                        group(Whose.OTHERS, SLUB, 1, 1),
                        group(Whose.OTHERS, BACKUP, 2, 2),
                        group(Whose.OWN, SELF, 1_000, 13)),
                    1)
                .lines())
        .containsExactly(
            "1,000 dentry by this JVM, first in iteration 3:",
            "  f0 < f1 < f2 < f3 < f4 < f5 < f6 < f7 < f8 < f9 < f10 < f11 < ...",
            "9 dentry by an interrupt, first in iteration 3:",
            "  f0 < f1",
            "Others: 6 dentry by backupd (pid 7)",
            "Others: 1 dentry by SLUB",
            "The kernel lost 1 event, so some of this may be missing or have gone.");
  }

  @Test
  void many_groups_are_cut_off() {
    assertThat(
            new Allocations(
                    IntStream.range(0, 7).mapToObj(i -> group(Whose.OWN, SELF, i, 1)).toList(), 0)
                .lines())
        .hasSize(2 * 5 + 1)
        .last()
        .isEqualTo("and 2 more groups");
  }
}
