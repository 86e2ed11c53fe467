package io.github.noslableak.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.noslableak.kernel.Captures;
import io.github.noslableak.kernel.MalformedKernelDataException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MemInfoTests {

  private static final List<String> LINES =
      List.of("Slab:  29756 kB", "SReclaimable:  7372 kB", "SUnreclaim:  22384 kB");

  @ParameterizedTest
  @CsvSource({
    "vm-6.18, 29756, 7372, 22384",
    "debian-6.1, 16996, 9756, 7240",
    "case-study/0-nomodule, 16936, 9576, 7360",
    "case-study/1-healthy, 17144, 9696, 7448",
    "case-study/2-leaky-every1, 41284, 32516, 8768",
    "case-study/3-leaky-every10, 45656, 36716, 8940"
  })
  void captures_are_read(String kernel, long slab, long reclaimable, long unreclaimable) {
    assertThat(MemInfo.parse(Captures.lines(kernel + "/meminfo.txt")))
        .isEqualTo(new MemInfo(slab, reclaimable, unreclaimable));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Slab:", "SReclaimable:", "SUnreclaim:"})
  void a_missing_line_is_refused(String key) {
    List<String> lines = LINES.stream().filter(line -> !line.startsWith(key)).toList();

    assertThatThrownBy(() -> MemInfo.parse(lines))
        .isExactlyInstanceOf(MalformedKernelDataException.class)
        .hasMessage("meminfo has 0 lines \"" + key + "\", expected one");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Slab:", "SReclaimable:", "SUnreclaim:"})
  void a_doubled_line_is_refused(String key) {
    List<String> lines = new ArrayList<>(LINES);
    lines.add(key + " 1 kB");

    assertThatThrownBy(() -> MemInfo.parse(lines))
        .isExactlyInstanceOf(MalformedKernelDataException.class)
        .hasMessage("meminfo has 2 lines \"" + key + "\", expected one");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "29756", "29756 MB", "-1 kB", "29756 k", "1.5 kB", "1234567890123456789 kB"})
  void what_is_no_number_of_kilobytes_is_refused(String value) {
    List<String> lines = List.of("Slab: " + value, LINES.get(1), LINES.get(2));

    assertThatThrownBy(() -> MemInfo.parse(lines))
        .isExactlyInstanceOf(MalformedKernelDataException.class)
        .hasMessage("meminfo's Slab: should be a number of kB, but is \"" + value + "\"");
  }

  @Test
  void an_empty_file_is_refused() {
    assertThatThrownBy(() -> MemInfo.parse(List.of()))
        .isExactlyInstanceOf(MalformedKernelDataException.class);
  }
}
