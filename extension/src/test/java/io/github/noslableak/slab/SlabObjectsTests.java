package io.github.noslableak.slab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.noslableak.kernel.Captures;
import io.github.noslableak.kernel.MalformedKernelDataException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlabObjectsTests {

  private static long parse(String text) {
    return SlabObjects.parse(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
  }

  @Test
  void the_total_is_read() {
    assertThat(parse("3108 N0=3108\n")).isEqualTo(3108);
  }

  @Test
  void the_total_is_read_of_several_nodes_too() {
    assertThat(parse("3108 N0=3000 N1=108\n")).isEqualTo(3108);
  }

  @Test
  void the_total_is_read_where_no_node_follows() {
    assertThat(parse("0\n")).isZero();
    assertThat(parse("95\n")).isEqualTo(95);
  }

  @Test
  void nodes_may_be_cut_off() {
    assertThat(parse("3108 N0=31")).isEqualTo(3108);
    assertThat(parse("3108 ")).isEqualTo(3108);
  }

  @Test
  void captured_counters_are_read() {
    assertThat(
            Captures.lines("vm-6.18/sysfs-values.txt").stream()
                .filter(line -> line.contains("/objects:"))
                .map(line -> parse(line.substring(line.indexOf(' ') + 1) + "\n")))
        .containsExactly(3108L, 95L, 544L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"3108", "3", "0"})
  void a_number_that_may_be_cut_short_is_refused(String text) {
    assertThatThrownBy(() -> parse(text))
        .isExactlyInstanceOf(MalformedKernelDataException.class)
        .hasMessage("the objects counter ends without a blank: \"" + text + "\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "\n", " 3108\n", "-1 N0=-1\n", "N0=3108\n", "+5\n", "x", "0x10\n", "3,108\n"})
  void what_is_no_number_is_refused(String text) {
    assertThatThrownBy(() -> parse(text)).isExactlyInstanceOf(MalformedKernelDataException.class);
  }

  @Test
  void an_empty_file_is_refused_by_name() {
    assertThatThrownBy(() -> parse(""))
        .hasMessage("the objects counter should be a number, but is \"\"");
  }

  @Test
  void the_greatest_number_is_read_and_one_more_refused() {
    assertThat(parse("9223372036854775807 N0=1\n")).isEqualTo(Long.MAX_VALUE);
    assertThatThrownBy(() -> parse("9223372036854775808 N0=1\n"))
        .isExactlyInstanceOf(MalformedKernelDataException.class)
        .hasMessage("the objects counter exceeds 63 bits: 9223372036854775808 N0=1");
    assertThatThrownBy(() -> parse("18446744073709551616 N0=1\n"))
        .isExactlyInstanceOf(MalformedKernelDataException.class)
        .hasMessage("the objects counter exceeds 64 bits: 18446744073709551616 N0=1");
  }
}
