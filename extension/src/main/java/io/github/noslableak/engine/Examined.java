package io.github.noslableak.engine;

/**
 * The first run with what became of the suspicion that it raised.
 *
 * @param first the first run
 * @param suspicion what became of it
 */
record Examined(FirstRun first, Suspicion suspicion) implements Phase {}
