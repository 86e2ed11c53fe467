package io.github.noslableak;

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
 * The settings {@code noslableak.*}: JUnit configuration parameters, or system properties.
 *
 * @param unmeasurable what becomes of a test where slab objects cannot be counted
 * @param linger how long to wait for objects to go away before they count as leaked
 * @param lockTimeout how long to wait for another bracket on this machine
 * @param inconclusive what becomes of a test whose numbers neither accuse nor acquit
 * @param sensitivity the leak in objects per iteration that a clean verdict must be able to see
 * @param confirmLimit how long running a body again may take
 * @param attribution when allocations are followed, unless the test says otherwise
 * @param traceBufferKib the kernel's buffer for that, in KiB per processor
 * @param javaStacks whether it is recorded meanwhile where Java code opens files and sockets
 */
record Settings(
    Unmeasurable unmeasurable,
    Duration linger,
    Duration lockTimeout,
    Inconclusive inconclusive,
    OptionalDouble sensitivity,
    Duration confirmLimit,
    Attribution attribution,
    int traceBufferKib,
    boolean javaStacks) {

  static final String UNMEASURABLE = "noslableak.unmeasurable";
  static final String LINGER = "noslableak.linger";
  static final String LOCK_TIMEOUT = "noslableak.lock.timeout";
  static final String INCONCLUSIVE = "noslableak.inconclusive";
  static final String SENSITIVITY = "noslableak.sensitivity";
  static final String CONFIRM_LIMIT = "noslableak.confirm.limit";
  static final String ATTRIBUTION = "noslableak.attribution";
  static final String TRACE_BUFFER = "noslableak.trace.buffer";
  static final String JAVA_STACKS = "noslableak.attribution.java";

  /** Eight digits of minutes are fewer nanoseconds than a long holds; nine would overflow. */
  private static final Pattern DURATION = Pattern.compile("(\\d{1,8}) ?(ms|s|min|m)?");

  private static final Pattern DECIMAL = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?");

  /** A setting that is on or off. */
  private enum Switch {
    TRUE,
    FALSE
  }

  /** What becomes of a test where slab objects cannot be counted. */
  enum Unmeasurable {
    ABORT,
    FAIL
  }

  /** What becomes of a test whose numbers neither accuse nor acquit. */
  enum Inconclusive {
    FAIL,
    PASS
  }

  /**
   * Reads the settings.
   *
   * @param lookup from a name to its value, if set
   * @throws IllegalArgumentException if a value is not of the form it should have
   */
  static Settings from(Function<String, Optional<String>> lookup) {
    return new Settings(
        choice(lookup, UNMEASURABLE, Unmeasurable.ABORT),
        duration(lookup, LINGER, Duration.ofSeconds(2)),
        duration(lookup, LOCK_TIMEOUT, Duration.ofMinutes(10)),
        choice(lookup, INCONCLUSIVE, Inconclusive.FAIL),
        lookup.apply(SENSITIVITY).map(Settings::sensitivity).orElseGet(OptionalDouble::empty),
        duration(lookup, CONFIRM_LIMIT, Duration.ofMinutes(2)),
        attribution(lookup),
        lookup.apply(TRACE_BUFFER).map(Settings::traceBuffer).orElse(8 * 1024),
        choice(lookup, JAVA_STACKS, Switch.FALSE) == Switch.TRUE);
  }

  static Settings fromSystemProperties() {
    return from(name -> Optional.ofNullable(System.getProperty(name)));
  }

  private static <E extends Enum<E>> E choice(
      Function<String, Optional<String>> lookup, String name, E otherwise) {
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
                new IllegalArgumentException(
                    name
                        + " should be "
                        + choices.stream().map(Settings::label).collect(Collectors.joining(" or "))
                        + ", but is \""
                        + value.get()
                        + "\""));
  }

  private static String label(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT);
  }

  private static Attribution attribution(Function<String, Optional<String>> lookup) {
    Attribution attribution = choice(lookup, ATTRIBUTION, Attribution.CONFIRM);
    return attribution == Attribution.DEFAULT ? Attribution.CONFIRM : attribution;
  }

  private static int traceBuffer(String value) {
    String stripped = value.strip();
    if (!stripped.matches("\\d{1,7}")
        || Integer.parseInt(stripped) < 64
        || Integer.parseInt(stripped) > 1024 * 1024) {
      throw new IllegalArgumentException(
          TRACE_BUFFER
              + " should be a number of KiB per processor from 64 to 1048576, but is \""
              + value
              + "\"");
    }
    return Integer.parseInt(stripped);
  }

  private static OptionalDouble sensitivity(String value) {
    String stripped = value.strip();
    if (!DECIMAL.matcher(stripped).matches() || Double.parseDouble(stripped) <= 0) {
      throw new IllegalArgumentException(
          SENSITIVITY
              + " should be a number of objects per iteration above 0, such as 0.1, but is \""
              + value
              + "\"");
    }
    return OptionalDouble.of(Double.parseDouble(stripped));
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
