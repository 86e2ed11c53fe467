package io.github.noslableak.cli;

import io.github.noslableak.report.Amounts;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.LongConsumer;

/** Tells now and then how far the unpacking of a long archive has come. */
final class ReadProgress implements LongConsumer {

  private static final Duration PAUSE = Duration.ofSeconds(2);

  private final String file;
  private final PrintWriter out;
  private final long start = System.nanoTime();
  private long last = start;

  ReadProgress(String file, PrintWriter out) {
    this.file = file;
    this.out = out;
  }

  @Override
  public void accept(long bytes) {
    long now = System.nanoTime();
    if (now - last >= PAUSE.toNanos()) {
      last = now;
      out.println(file + ": " + Amounts.binary((double) bytes) + " read");
      out.flush();
    }
  }

  void end() {
    if (last != start) {
      out.println(file + ": read");
      out.flush();
    }
  }
}
