package io.github.noslableak.report;

import static io.github.noslableak.report.Reports.growth;
import static io.github.noslableak.report.Reports.leak;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CoverageTextTests {

  @Test
  void one_cache_left_out_is_singular() {
    Reports report =
        leak(growth("dentry", 0, 1, 1, 192))
            .leftOut(new Coverage.SharedSlab("filp", List.of("io_kiocb")));

    assertThat(report.section("Not judged"))
        .isEqualTo(
            "  filp: shares its counter with unrelated caches here. Boot with slab_nomerge to judge it,"
                + " or name it in caches.");
  }
}
