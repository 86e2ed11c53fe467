package io.github.noslableak.trace.alloc;

import io.github.noslableak.trace.KernelSymbols;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Packets that a process sends to this very machine are received in the midst of its own system
 * call, as soon as that lets interrupts of packets in again: {@code __local_bh_enable_ip} calls
 * {@code process_backlog} (net/core/dev.c, 6.1 to 7.3). So whatever that allocates is on the
 * account of whoever sends.
 */
final class Backlog {

  private static final String RECEIVES = "process_backlog";
  private static final String LETS_IN = "__local_bh_enable_ip";

  /** The kernel's functions do not move. */
  private static @Nullable Backlog running;

  /** Flat: start, end, start, end, and so on. */
  private final long[] receives;

  private final long[] letsIn;

  Backlog(FunctionRanges functions) {
    this.receives = flat(functions, RECEIVES);
    this.letsIn = flat(functions, LETS_IN);
  }

  private static long[] flat(FunctionRanges functions, String function) {
    return functions.of(function).stream()
        .flatMapToLong(range -> LongStream.of(range.start(), range.end()))
        .toArray();
  }

  /** That of a kernel whose functions are not known. */
  static Backlog unknown() {
    return new Backlog(FunctionRanges.none());
  }

  /** Returns that of the running kernel; one that knows nothing where its symbols are kept back. */
  static synchronized Backlog ofThisKernel(KernelSymbols symbols) {
    Backlog known = running;
    if (known == null) {
      try {
        known = new Backlog(FunctionRanges.find(symbols, Set.of(RECEIVES, LETS_IN)::contains));
      } catch (UncheckedIOException e) {
        known = unknown();
      }
      running = known;
    }
    return known;
  }

  /** Returns whether a stack in a page is that of somebody who receives what it sends itself. */
  boolean isSenders(ByteBuffer page, int at, int frames) {
    return holds(receives, page, at, frames) && holds(letsIn, page, at, frames);
  }

  private static boolean holds(long[] function, ByteBuffer page, int at, int frames) {
    for (int range = 0; range < function.length; range += 2) {
      for (int i = 0; i < frames; i++) {
        long address = page.getLong(at + 8 * i);
        if (address >= function[range] && address < function[range + 1]) {
          return true;
        }
      }
    }
    return false;
  }
}
