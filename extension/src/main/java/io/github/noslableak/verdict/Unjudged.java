package io.github.noslableak.verdict;

/**
 * A cache that was asked for and could not be judged. It is named in every report, so that silence
 * about it is not taken for a clean verdict.
 *
 * @param cache the cache's name
 * @param reason why not, as a clause without a full stop
 */
public record Unjudged(String cache, String reason) {}
