package io.github.noslableak.report;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** How reports write amounts of memory and of time. KB, MB and GB are powers of 1,000. */
public final class Amounts {

  private static final double MINUTE = 60;
  private static final double HOUR = 60 * MINUTE;
  private static final double DAY = 24 * HOUR;
  private static final double YEAR = 365.25 * DAY;

  /** Below so many of a larger unit the smaller one tells more: 90 s, 90 min, 36 h. */
  private static final int UNITS = 2;

  private Amounts() {}

  /** Writes bytes in the unit that takes the fewest digits. */
  public static String bytes(double bytes) {
    if (bytes < 1_000) {
      String number = number(bytes);
      return number + (number.equals("1") ? " byte" : " bytes");
    }
    double value = bytes / 1_000;
    for (String unit : List.of("KB", "MB", "GB")) {
      if (value < 999.5) {
        return number(value) + " " + unit;
      }
      value /= 1_000;
    }
    return number(value) + " TB";
  }

  /** Writes a time in the unit that takes the fewest digits. */
  public static String time(Duration time) {
    return time(time.toMillis() / 1e3);
  }

  /**
   * Writes bytes in units of powers of 1,024, as crash and the kernel do, though these call them
   * KB, MB and GB.
   */
  public static String binary(double bytes) {
    if (bytes < 1_024) {
      return bytes(bytes);
    }
    double value = bytes / 1_024;
    for (String unit : List.of("KiB", "MiB", "GiB")) {
      if (value < 1_023.5) {
        return number(value) + " " + unit;
      }
      value /= 1_024;
    }
    return number(value) + " TiB";
  }

  /** Writes seconds in the unit that takes the fewest digits. */
  public static String time(double seconds) {
    if (seconds < 1) {
      return "less than a second";
    }
    if (seconds < UNITS * MINUTE) {
      return number(seconds) + " s";
    }
    if (seconds < UNITS * HOUR) {
      return number(seconds / MINUTE) + " min";
    }
    if (seconds < UNITS * DAY) {
      return number(seconds / HOUR) + " h";
    }
    if (seconds < UNITS * YEAR) {
      return number(seconds / DAY) + " days";
    }
    return seconds > 100 * YEAR ? "more than 100 years" : number(seconds / YEAR) + " years";
  }

  /** Writes whole numbers from 10 on, one decimal below, and what is too small for that so. */
  public static String number(double value) {
    if (value > 0 && value < 0.05) {
      return "less than 0.1";
    }
    String text = String.format(Locale.ROOT, value < 9.95 ? "%,.1f" : "%,.0f", value);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }
}
