package io.github.noslableak.verdict;

/**
 * A pair of times, as long as each other: in one the body ran, in the other nothing did.
 *
 * @param active what the body left
 * @param idle what came while nothing ran
 */
public record OnOff(Round active, Round idle) {}
