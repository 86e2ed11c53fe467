package io.github.noslableak.engine;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * The settings {@code noslableak.*}: JUnit configuration parameters, or system properties. They are
 * read once for a measurement; {@link #from} says what each is where it is not set.
 *
 * @param unmeasurable what becomes of a test where slab objects cannot be counted
 * @param linger how long to wait for objects to go away before they count as leaked
 * @param lockTimeout how long to wait for another measurement on this machine
 * @param inconclusive what becomes of a test whose numbers decide nothing
 * @param sensitivity the leak in objects per iteration that a clean verdict must be able to see
 * @param confirmLimit how long running a body again may take
 * @param turns how long turns of body and rest may take
 * @param following when allocations are followed, unless the test says otherwise
 * @param traceBufferKib the kernel's buffer for that, in KiB per processor
 * @param javaStacks whether it is recorded meanwhile where Java code opens files and sockets
 * @param message how much of a report the error of a test says
 */
public record Settings(
    Unmeasurable unmeasurable,
    Duration linger,
    Duration lockTimeout,
    Inconclusive inconclusive,
    OptionalDouble sensitivity,
    Duration confirmLimit,
    Optional<Duration> turns,
    Following following,
    int traceBufferKib,
    boolean javaStacks,
    Message message) {

  public static final String UNMEASURABLE = "noslableak.unmeasurable";
  public static final String LINGER = "noslableak.linger";
  public static final String LOCK_TIMEOUT = "noslableak.lock.timeout";
  public static final String INCONCLUSIVE = "noslableak.inconclusive";
  public static final String SENSITIVITY = "noslableak.sensitivity";
  public static final String CONFIRM_LIMIT = "noslableak.confirm.limit";
  public static final String TURNS = "noslableak.confirm.turns";
  public static final String ATTRIBUTION = "noslableak.attribution";
  public static final String TRACE_BUFFER = "noslableak.trace.buffer";
  public static final String JAVA_STACKS = "noslableak.attribution.java";
  public static final String MESSAGE = "noslableak.message";

  /** What becomes of a test where slab objects cannot be counted. */
  public enum Unmeasurable {
    ABORT,
    FAIL
  }

  /** What becomes of a test whose numbers decide nothing. */
  public enum Inconclusive {
    FAIL,
    PASS
  }

  /** How much of a report the error of a test says, where the whole is published as a file. */
  public enum Message {
    BRIEF,
    FULL
  }

  /** The words of {@link #ATTRIBUTION}; each but the first is one of {@link Following}. */
  private enum Attribution {
    DEFAULT,
    CONFIRM,
    ALWAYS,
    NEVER;

    Following following() {
      return this == DEFAULT ? Following.CONFIRM : Following.valueOf(name());
    }
  }

  /** A setting that is on or off. */
  private enum Switch {
    TRUE,
    FALSE
  }

  /**
   * Reads the settings.
   *
   * @param lookup from a name to its value, if set
   * @throws IllegalArgumentException if a value is not of the form it should have
   */
  public static Settings from(Function<String, Optional<String>> lookup) {
    SettingValues values = new SettingValues(lookup);
    return new Settings(
        values.choice(UNMEASURABLE, Unmeasurable.ABORT),
        values.time(LINGER, Duration.ofSeconds(2)),
        values.time(LOCK_TIMEOUT, Duration.ofMinutes(10)),
        values.choice(INCONCLUSIVE, Inconclusive.FAIL),
        values.objectsPerIteration(SENSITIVITY),
        values.time(CONFIRM_LIMIT, Duration.ofMinutes(2)),
        values.time(TURNS),
        values.choice(ATTRIBUTION, Attribution.DEFAULT).following(),
        values.kibPerProcessor(TRACE_BUFFER, 8 * 1024),
        values.choice(JAVA_STACKS, Switch.FALSE) == Switch.TRUE,
        values.choice(MESSAGE, Message.BRIEF));
  }

  /** Reads the settings from the system properties, as is done without JUnit. */
  public static Settings fromSystemProperties() {
    return from(name -> Optional.ofNullable(System.getProperty(name)));
  }
}
