package io.github.noslableak.verdict;

import java.time.Duration;

/** What bounds the time in which a body may be run again. */
public sealed interface TimeLimit {

  /** Returns how much time it left when that began to count. */
  Duration time();

  /**
   * A setting allows so much.
   *
   * @param setting the setting's name
   */
  record OfSetting(String setting, Duration time) implements TimeLimit {}

  /** The test's {@code @Timeout} leaves so much. */
  record OfTimeout(Duration time) implements TimeLimit {}
}
