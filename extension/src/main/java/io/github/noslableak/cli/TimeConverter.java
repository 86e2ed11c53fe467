package io.github.noslableak.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads times such as 90s, 5 min, 3h and 5d; a number alone is seconds. */
final class TimeConverter implements ITypeConverter<Duration> {

  private static final Pattern TIME = Pattern.compile("(\\d{1,7}) ?(ms|s|min|m|h|d)?");

  @Override
  public Duration convert(String value) {
    Matcher time = TIME.matcher(value.strip());
    if (!time.matches()) {
      throw new TypeConversionException(
          "should be a time such as 90s, 5min, 3h or 5d, but is \"" + value + "\"");
    }
    long amount = Long.parseLong(time.group(1));
    String unit = time.group(2) == null ? "s" : time.group(2);
    return switch (unit) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "h" -> Duration.ofHours(amount);
      case "d" -> Duration.ofDays(amount);
      default -> Duration.ofMinutes(amount);
    };
  }
}
