package io.github.noslableak.kernel;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Strict reading of unsigned decimal numbers from kernel text, without allocating. */
public final class Digits {

  private Digits() {}

  public static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  /**
   * Parses the number that starts at the buffer's position and moves the position behind it.
   *
   * @param what named in the error
   * @throws MalformedKernelDataException if there is no digit, or the number exceeds 63 bits
   */
  public static long parse(ByteBuffer text, String what) {
    int start = text.position();
    long value = parseUnsigned(text, what);
    if (value < 0) {
      throw new MalformedKernelDataException(what + " exceeds 63 bits: " + excerpt(text, start));
    }
    return value;
  }

  /**
   * Parses an unsigned 64-bit number as {@link #parse} does; from 2^63 on the result is negative.
   *
   * @throws MalformedKernelDataException if there is no digit, or the number exceeds 64 bits
   */
  public static long parseUnsigned(ByteBuffer text, String what) {
    int start = text.position();
    int end = text.limit();
    int at = start;
    long value = 0;
    while (at < end && isDigit(text.get(at))) {
      int digit = text.get(at) - '0';
      if (at - start >= 19 && overflows(value, digit)) {
        throw new MalformedKernelDataException(what + " exceeds 64 bits: " + excerpt(text, start));
      }
      value = value * 10 + digit;
      at++;
    }
    if (at == start) {
      throw new MalformedKernelDataException(
          what + " should be a number, but is \"" + excerpt(text, start) + "\"");
    }
    text.position(at);
    return value;
  }

  private static boolean overflows(long value, int digit) {
    long limit = Long.divideUnsigned(-1L - digit, 10);
    return Long.compareUnsigned(value, limit) > 0;
  }

  /** Returns at most 40 printable characters, for an error message. */
  public static String excerpt(ByteBuffer text, int start) {
    int length = Math.min(40, text.limit() - start);
    byte[] bytes = new byte[Math.max(0, length)];
    text.get(start, bytes);
    String line = new String(bytes, StandardCharsets.ISO_8859_1).lines().findFirst().orElse("");
    return line.replaceAll("[^\\x20-\\x7e]", "?");
  }
}
