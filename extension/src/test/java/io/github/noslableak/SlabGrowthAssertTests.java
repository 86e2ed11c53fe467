package io.github.noslableak;

import static io.github.noslableak.SlabAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.noslableak.engine.Outcome;
import io.github.noslableak.report.Holders;
import io.github.noslableak.report.Machine;
import io.github.noslableak.report.Reports;
import io.github.noslableak.verdict.CacheGrowth;
import io.github.noslableak.verdict.Confirmation;
import io.github.noslableak.verdict.Shortfall;
import io.github.noslableak.verdict.Verdict;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SlabGrowthAssertTests {

  private static final List<CacheGrowth> GROWTHS =
      List.of(
          new CacheGrowth("sock_inode_cache", 95, 98, 0, 1, 832),
          new CacheGrowth("dentry", 100, 103, 0, 1, 192),
          new CacheGrowth("filp", 544, 540, 0, 1, 192));

  private static SlabGrowth clean() {
    return growth(
        new Verdict.Clean(
            List.of(
                new CacheGrowth("filp", 544, 540, 0, 1, 192),
                new CacheGrowth("TCP", 4, 4, 0, 1, 2_368),
                new CacheGrowth("dentry", 100, 102, 2, 1, 192))),
        Map.of("UDP", "TCP"));
  }

  @Test
  void growth_is_found_by_every_name_of_a_slab() {
    assertThat(clean().of("UDP")).isEqualTo(clean().of("TCP")).isZero();
  }

  private static SlabGrowth leak() {
    return growth(
        new Verdict.Leak(
            GROWTHS,
            Confirmation.impossible(new Shortfall.ToldNotTo(Shortfall.ToldNotTo.By.GUARD))),
        Map.of());
  }

  private static SlabGrowth growth(Verdict verdict, Map<String, String> aliases) {
    return SlabGrowth.of(
        new Outcome.OfOne(
            verdict,
            Confirmation.unneeded(),
            aliases,
            true,
            Reports.of(verdict)
                .named("The checked code")
                .heldBy(new Holders(List.of(), List.of(), 0, 640, 640, List.of()))
                .on(
                    new Machine(
                        "Linux 6.18.0 (SLUB)",
                        new Machine.Hardware(1L << 30, 2, Optional.empty()),
                        List.of(),
                        List.of()))
                .text(),
            "in brief"));
  }

  @Test
  void a_clean_growth_has_no_leak() {
    SlabGrowth growth = clean();

    assertThatCode(() -> assertThat(growth).hasNoLeak()).doesNotThrowAnyException();
    assertThat(growth.isLeak()).isFalse();
    assertThat(growth.isFinding()).isFalse();
    assertThat(growth.report())
        .startsWith(
            "The checked code is clean: none of 3 watched caches gained more than tolerated");
  }

  @Test
  void a_leak_fails_with_the_report_that_the_guard_would_give() {
    SlabGrowth growth = leak();

    assertThat(growth.isLeak()).isTrue();
    assertThatThrownBy(() -> assertThat(growth).hasNoLeak())
        .isExactlyInstanceOf(SlabLeakError.class)
        .isInstanceOf(AssertionError.class)
        .hasMessage(growth.report())
        .hasMessageStartingWith(
            "The checked code leaked 3 sock_inode_cache, 3 dentry: 3,072 bytes of slab\n");
  }

  @Test
  void the_error_carries_the_growth() {
    SlabGrowth growth = leak();

    SlabLeakError error =
        catchThrowableOfType(SlabLeakError.class, () -> assertThat(growth).hasNoLeak());

    assertThat(error.growth().byCache()).isEqualTo(growth.byCache());
  }

  @Test
  void the_error_reaches_another_process_whole() throws IOException, ClassNotFoundException {
    SlabLeakError error = new SlabLeakError("what leaked", leak());

    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(error);
    }
    SlabLeakError read;
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      read = (SlabLeakError) in.readObject();
    }

    assertThat(read).hasMessage("what leaked");
    assertThat(read.growth().of("dentry")).isEqualTo(3);
    assertThat(read.growth().isLeak()).isTrue();
  }

  @Test
  void the_growth_expected_is_accepted() {
    SlabGrowth growth = leak();

    assertThatCode(
            () ->
                assertThat(growth)
                    .grewBy("sock_inode_cache", 3)
                    .grewBy("dentry", 3)
                    .grewBy("filp", -4))
        .doesNotThrowAnyException();
  }

  @Test
  void another_growth_than_expected_fails_and_shows_all_in_order() {
    assertThatThrownBy(() -> assertThat(leak()).grewBy("dentry", 2))
        .isExactlyInstanceOf(AssertionError.class)
        .hasMessage(
            """
            Expecting dentry to grow by 2 objects but it grew by 3.
            All growth: {dentry=3, filp=-4, sock_inode_cache=3}""");
  }

  @Test
  void a_description_is_kept() {
    assertThatThrownBy(() -> assertThat(leak()).as("relay of %s", "a file").grewBy("filp", 0))
        .hasMessageStartingWith("[relay of a file] ");
  }

  @Test
  void a_cache_that_was_not_watched_is_misuse() {
    assertThatThrownBy(() -> assertThat(leak()).grewBy("mnt_cache", 0))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage("\"mnt_cache\" was not watched; watched were [dentry, filp, sock_inode_cache]");
  }

  @Test
  @SuppressWarnings("NullAway") // The null is the point.
  void nothing_measured_fails() {
    assertThatThrownBy(() -> assertThat((SlabGrowth) null).hasNoLeak())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("not to be null");
    assertThatThrownBy(() -> assertThat((SlabGrowth) null).grewBy("dentry", 0))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void growth_is_given_by_cache_and_cannot_be_changed() {
    SlabGrowth growth = clean();

    assertThat(growth.byCache())
        .hasSize(3)
        .containsEntry("dentry", 2L)
        .containsEntry("TCP", 0L)
        .containsEntry("filp", -4L);
    assertThatThrownBy(() -> growth.byCache().put("dentry", 0L))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThat(growth).hasToString("SlabGrowth{TCP=0, dentry=2, filp=-4}");
  }
}
