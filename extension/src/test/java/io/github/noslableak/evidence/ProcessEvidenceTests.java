package io.github.noslableak.evidence;

import static org.assertj.core.api.Assertions.assertThat;

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
}
