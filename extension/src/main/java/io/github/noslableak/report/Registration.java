package io.github.noslableak.report;

/**
 * What was registered with a descriptor.
 *
 * @param target what the descriptor refers to
 * @param more how many more there are
 */
public record Registration(Registered what, String target, long more) {}
