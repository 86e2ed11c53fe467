package io.github.noslableak;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The settings {@code noslableak.*}: JUnit configuration parameters, or system properties.
 *
 * @param unmeasurable what becomes of a test where slab objects cannot be counted
 * @param linger how long to wait for objects to go away before they count as leaked
 * @param lockTimeout how long to wait for another bracket on this machine
 */
record Settings(Unmeasurable unmeasurable, Duration linger, Duration lockTimeout) {

  static final String UNMEASURABLE = "noslableak.unmeasurable";
  static final String LINGER = "noslableak.linger";
  static final String LOCK_TIMEOUT = "noslableak.lock.timeout";

  /** Eight digits of minutes are fewer nanoseconds than a long holds; nine would overflow. */
  private static final Pattern DURATION = Pattern.compile("(\\d{1,8}) ?(ms|s|min|m)?");

  /** What becomes of a test where slab objects cannot be counted. */
  enum Unmeasurable {
    ABORT,
    FAIL
  }

  /**
   * Reads the settings.
   *
   * @param lookup from a name to its value, if set
   * @throws IllegalArgumentException if a value is not of the form it should have
   */
  static Settings from(Function<String, Optional<String>> lookup) {
    return new Settings(
        lookup.apply(UNMEASURABLE).map(Settings::unmeasurable).orElse(Unmeasurable.ABORT),
        duration(lookup, LINGER, Duration.ofSeconds(2)),
        duration(lookup, LOCK_TIMEOUT, Duration.ofMinutes(10)));
  }

  static Settings fromSystemProperties() {
    return from(name -> Optional.ofNullable(System.getProperty(name)));
  }

  private static Unmeasurable unmeasurable(String value) {
    return switch (value.strip().toLowerCase(Locale.ROOT)) {
      case "abort" -> Unmeasurable.ABORT;
      case "fail" -> Unmeasurable.FAIL;
      default ->
          throw new IllegalArgumentException(
              UNMEASURABLE + " should be abort or fail, but is \"" + value + "\"");
    };
  }

  private static Duration duration(
      Function<String, Optional<String>> lookup, String name, Duration otherwise) {
    Optional<String> value = lookup.apply(name);
    if (value.isEmpty()) {
      return otherwise;
    }
    Matcher matcher = DURATION.matcher(value.get().strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          name + " should be a time such as 500 ms, 2 s or 1 min, but is \"" + value.get() + "\"");
    }
    long amount = Long.parseLong(matcher.group(1));
    String unit = matcher.group(2) == null ? "s" : matcher.group(2);
    return switch (unit) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      default -> Duration.ofMinutes(amount);
    };
  }
}
