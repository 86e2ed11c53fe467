package io.github.noslableak.report;

import java.time.Duration;
import java.util.Optional;

/**
 * How was counted.
 *
 * @param exact whether the counters are exact on this kernel
 * @param waited how long was waited for objects to go away, before the closing RCU barrier
 * @param openingSettled whether the counters had come to rest before the test
 * @param unfollowed why allocations could not be followed, with what grants it; empty where they
 *     were, or need not be
 */
public record Counting(
    boolean exact, Duration waited, boolean openingSettled, Optional<String> unfollowed) {}
