package io.github.noslableak.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DigitsTests {

  private static ByteBuffer text(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void a_number_is_read_from_the_position_and_the_position_moves_behind_it() {
    ByteBuffer text = text("ab 123 456").position(3);

    assertThat(Digits.parse(text, "it")).isEqualTo(123);
    assertThat(text.position()).isEqualTo(6);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "007, 7",
    "0000000000000000000000000000000042, 42",
    "9223372036854775807, 9223372036854775807"
  })
  void numbers_of_63_bits_are_read(String text, long expected) {
    assertThat(Digits.parse(text(text), "it")).isEqualTo(expected);
  }

  @Test
  void a_refused_number_is_named() {
    assertThatThrownBy(() -> Digits.parse(text("9223372036854775808"), "the count"))
        .isExactlyInstanceOf(MalformedKernelDataException.class)
        .hasMessage("the count exceeds 63 bits: 9223372036854775808");
    assertThatThrownBy(() -> Digits.parse(text("x1"), "the count"))
        .hasMessage("the count should be a number, but is \"x1\"");
    assertThatThrownBy(() -> Digits.parse(text(""), "the count"))
        .hasMessage("the count should be a number, but is \"\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9223372036854775808",
        "9999999999999999999",
        "10000000000000000000",
        "18446744073709551599",
        "18446744073709551609",
        "18446744073709551610",
        "18446744073709551615"
      })
  void numbers_of_64_bits_are_read_unsigned(String text) {
    assertThat(Long.toUnsignedString(Digits.parseUnsigned(text(text), "it"))).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "18446744073709551616",
        "18446744073709551620",
        "18446744073709551625",
        "99999999999999999999",
        "100000000000000000000",
        "184467440737095516150"
      })
  void numbers_above_64_bits_are_refused(String text) {
    assertThatThrownBy(() -> Digits.parseUnsigned(text(text), "it"))
        .isExactlyInstanceOf(MalformedKernelDataException.class)
        .hasMessage("it exceeds 64 bits: " + text);
  }

  @Test
  void numbers_around_the_limit_agree_with_big_integers() {
    Random random = new Random(7);
    BigInteger limit = BigInteger.ONE.shiftLeft(64);
    for (int i = 0; i < 2_000; i++) {
      BigInteger number = limit.add(BigInteger.valueOf(random.nextInt(2_000) - 1_000));
      ByteBuffer text = text(number.toString());
      if (number.compareTo(limit) < 0) {
        assertThat(Digits.parseUnsigned(text, "it")).isEqualTo(number.longValue());
      } else {
        assertThatThrownBy(() -> Digits.parseUnsigned(text, "it"))
            .as(number.toString())
            .isExactlyInstanceOf(MalformedKernelDataException.class);
      }
    }
  }

  @Test
  void only_ascii_digits_are_digits() {
    for (int b = Byte.MIN_VALUE; b <= Byte.MAX_VALUE; b++) {
      assertThat(Digits.isDigit((byte) b)).as("%d", b).isEqualTo(b >= '0' && b <= '9');
    }
  }

  @Test
  void an_excerpt_is_a_line_of_at_most_forty_printable_characters() {
    assertThat(Digits.excerpt(text("a".repeat(50)), 0)).isEqualTo("a".repeat(40));
    assertThat(Digits.excerpt(text("one\ntwo"), 0)).isEqualTo("one");
    assertThat(Digits.excerpt(text("one\ntwo"), 4)).isEqualTo("two");
    assertThat(Digits.excerpt(text("a\tb\u00e9"), 0)).isEqualTo("a?b?");
    assertThat(Digits.excerpt(text("one"), 3)).isEmpty();
  }
}
