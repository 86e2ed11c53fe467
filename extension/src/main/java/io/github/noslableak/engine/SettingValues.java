package io.github.noslableak.engine;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads the values of settings by their form. What is not of that form is refused with a message
 * that names the setting, what it should be, and what it is.
 */
final class SettingValues {

  /** Eight digits of minutes are fewer nanoseconds than a long holds; nine would overflow. */
  private static final Pattern TIME = Pattern.compile("(\\d{1,8}) ?(ms|s|min|m)?");

  private static final Pattern DECIMAL = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?");
  private static final Pattern WHOLE = Pattern.compile("\\d{1,7}");

  private final Function<String, Optional<String>> lookup;

  /**
   * Reads from there.
   *
   * @param lookup from a name to its value, if set
   */
  SettingValues(Function<String, Optional<String>> lookup) {
    this.lookup = lookup;
  }

  /** Reads one of the words that the constants of an enum are, in any case. */
  <E extends Enum<E>> E choice(String name, E otherwise) {
    Optional<String> value = lookup.apply(name);
    if (value.isEmpty()) {
      return otherwise;
    }
    String wanted = value.get().strip().toLowerCase(Locale.ROOT);
    List<E> choices = List.of(otherwise.getDeclaringClass().getEnumConstants());
    return choices.stream()
        .filter(choice -> label(choice).equals(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                refused(
                    name,
                    choices.stream().map(SettingValues::label).collect(Collectors.joining(" or ")),
                    value.get()));
  }

  private static String label(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT);
  }

  /** Reads a number of KiB per processor from 64 to 1048576. */
  int kibPerProcessor(String name, int otherwise) {
    return lookup.apply(name).map(value -> kibPerProcessor(name, value)).orElse(otherwise);
  }

  private static int kibPerProcessor(String name, String value) {
    String stripped = value.strip();
    if (!WHOLE.matcher(stripped).matches()
        || Integer.parseInt(stripped) < 64
        || Integer.parseInt(stripped) > 1024 * 1024) {
      throw refused(name, "a number of KiB per processor from 64 to 1048576", value);
    }
    return Integer.parseInt(stripped);
  }

  /** Reads a positive number of objects per iteration; without a value there is none. */
  OptionalDouble objectsPerIteration(String name) {
    return lookup
        .apply(name)
        .map(value -> OptionalDouble.of(objectsPerIteration(name, value)))
        .orElseGet(OptionalDouble::empty);
  }

  private static double objectsPerIteration(String name, String value) {
    String stripped = value.strip();
    if (!DECIMAL.matcher(stripped).matches() || Double.parseDouble(stripped) <= 0) {
      throw refused(name, "a number of objects per iteration above 0, such as 0.1", value);
    }
    return Double.parseDouble(stripped);
  }

  /** Reads a time; a number alone is seconds. */
  Duration time(String name, Duration otherwise) {
    return time(name).orElse(otherwise);
  }

  /** Reads a time; without a value there is none. */
  Optional<Duration> time(String name) {
    return lookup.apply(name).map(value -> time(name, value));
  }

  private static Duration time(String name, String value) {
    Matcher matcher = TIME.matcher(value.strip());
    if (!matcher.matches()) {
      throw refused(name, "a time such as 500 ms, 2 s or 1 min", value);
    }
    long amount = Long.parseLong(matcher.group(1));
    String unit = matcher.group(2) == null ? "s" : matcher.group(2);
    return switch (unit) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      default -> Duration.ofMinutes(amount);
    };
  }

  private static IllegalArgumentException refused(String name, String form, String value) {
    return new IllegalArgumentException(name + " should be " + form + ", but is \"" + value + "\"");
  }
}
