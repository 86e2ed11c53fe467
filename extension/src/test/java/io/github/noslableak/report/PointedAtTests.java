package io.github.noslableak.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PointedAtTests {

  private static final long BYTES = 27L << 20;

  @Test
  void nothing_at_all() {
    assertThat(new PointedAt(List.of(), 3, 0, BYTES, true).lines())
        .containsExactly(
            "Nothing in 27 MiB of slabs and variables points at them, but they themselves, and"
                + " lists that they are in: most likely a reference was taken, and its owner forgot it."
                + " Stacks and per-CPU areas are not looked through, nor what is allocated by pages.");
  }

  @Test
  void nothing_in_a_part_says_nothing_of_the_rest() {
    assertThat(new PointedAt(List.of(), 3, 0, BYTES, false).lines())
        .containsExactly(
            "Nothing was found that points at them, in the 27 MiB of slabs and variables that"
                + " could be looked through.");
  }

  @Test
  void each_that_points_by_the_cache_of_what_it_points_at() {
    PointedAt.By file = new PointedAt.InSlab("dentry", "filp", false, "f_path.dentry", true);
    PointedAt found =
        new PointedAt(
            List.of(
                new PointedAt.Variable("kmalloc-256", "leaky_records+0x8", "leaky"),
                new PointedAt.Variable("kmalloc-256", "0x0", ""),
                file,
                file,
                new PointedAt.InSlab("dentry", "kmalloc-64", true, "+16", false),
                new PointedAt.Descriptor("filp")),
            90,
            1,
            BYTES,
            true);

    assertThat(found.lines())
        .containsExactly(
            "dentry:",
            "  +16 of an object of kmalloc-64 or a cache that is merged with it, if that is still"
                + " alive",
            "  f_path.dentry of an object of filp (2 times)",
            "filp:",
            "  a descriptor of this JVM",
            "kmalloc-256:",
            "  a variable of the kernel",
            "  leaky_records+0x8 in module leaky",
            "This is what was found in 27 MiB of slabs and variables.");
  }

  @Test
  void there_may_be_more_where_time_was_short() {
    PointedAt found = new PointedAt(List.of(new PointedAt.Descriptor("filp")), 1, 1, BYTES, false);

    assertThat(found.lines())
        .endsWith("This is what was found in 27 MiB of slabs and variables, which are not all.");
  }
}
