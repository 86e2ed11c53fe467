package io.github.noslableak.kernel;

/**
 * Who takes the lock of this machine.
 *
 * @param name what is measured, as whoever waits for it knows it
 * @param alone whether nothing else of its JVM runs meanwhile, so that another thread that wants
 *     the lock was started by what is measured
 */
public record Measurer(String name, boolean alone) {}
