package io.github.noslableak.trace.alloc;

import io.github.noslableak.proc.Owner;

/**
 * An object that was allocated and not freed, as far as a ledger knows.
 *
 * @param cache its cache's name
 * @param address where it lies in the kernel's memory
 * @param owner who allocated it
 * @param mark in which mark
 * @param task which task of its owner did; 0 for an interrupt
 * @param time when, by {@link System#nanoTime()}; 0 for an interrupt
 */
public record Living(String cache, long address, Owner owner, int mark, int task, long time) {}
