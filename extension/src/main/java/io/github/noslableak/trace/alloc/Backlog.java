package io.github.noslableak.trace.alloc;

import io.github.noslableak.trace.KernelSymbols;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
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
  private static @Nullable FunctionRanges running;

  private final Supplier<FunctionRanges> functions;

  /**
   * Knows it by these.
   *
   * @param functions asked only when there is a stack to be told
   */
  Backlog(Supplier<FunctionRanges> functions) {
    this.functions = functions;
  }

  /** That of a kernel whose functions are not known. */
  static Backlog unknown() {
    return new Backlog(FunctionRanges::none);
  }

  /** Returns that of the running kernel, whose symbols are read when they are needed. */
  static Backlog ofThisKernel(KernelSymbols symbols) {
    return new Backlog(() -> find(symbols));
  }

  private static synchronized FunctionRanges find(KernelSymbols symbols) {
    FunctionRanges known = running;
    if (known == null) {
      known = FunctionRanges.find(symbols, Set.of(RECEIVES, LETS_IN)::contains);
      running = known;
    }
    return known;
  }

  /** Returns whether a stack in a page is that of somebody who receives what it sends itself. */
  boolean isSenders(ByteBuffer page, int at, int frames) {
    FunctionRanges known = functions.get();
    return holds(known.of(RECEIVES), page, at, frames)
        && holds(known.of(LETS_IN), page, at, frames);
  }

  private static boolean holds(
      List<FunctionRanges.Range> function, ByteBuffer page, int at, int frames) {
    for (int i = 0; i < frames; i++) {
      long address = page.getLong(at + 8 * i);
      if (function.stream().anyMatch(range -> range.holds(address))) {
        return true;
      }
    }
    return false;
  }
}
