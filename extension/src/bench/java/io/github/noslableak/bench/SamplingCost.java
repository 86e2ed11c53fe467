package io.github.noslableak.bench;

import io.github.noslableak.SlabGuard;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * What the samples that a guard takes on the way through many iterations cost: the same iterations
 * in a guard and without one, in turn. Prints Markdown.
 */
public final class SamplingCost {

  private static final int PAIRS = 7;

  private final Path dir = Files.createTempDirectory("noslableak-sampling");
  private long began;
  private long ended;

  private SamplingCost() throws IOException {}

  @SuppressWarnings("SystemOut") // The table is what this program is for.
  public static void main(String[] arguments) throws IOException {
    SamplingCost cost = new SamplingCost();
    System.out.println("| iterations | without samples, ms | with samples, ms | ratio |");
    System.out.println("|---:|---:|---:|---:|");
    for (int iterations : new int[] {500, 5_000, 20_000}) {
      double[] plain = new double[PAIRS];
      double[] sampled = new double[PAIRS];
      double[] ratios = new double[PAIRS];
      for (int pair = 0; pair < PAIRS; pair++) {
        plain[pair] = cost.plain(iterations);
        sampled[pair] = cost.sampled(iterations);
        ratios[pair] = sampled[pair] / plain[pair];
      }
      System.out.printf(
          Locale.ROOT,
          "| %,d | %.0f | %.0f | %.2f |%n",
          iterations,
          median(plain),
          median(sampled),
          median(ratios));
    }
    Files.delete(cost.dir);
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  private double plain(int iterations) throws IOException {
    began = System.nanoTime();
    for (int i = 0; i < iterations; i++) {
      body();
    }
    return (System.nanoTime() - began) / 1e6;
  }

  /** From the first iteration's beginning to the last one's end, the samples between included. */
  private double sampled(int iterations) throws IOException {
    began = 0;
    SlabGuard.watching()
        .confirming(false)
        .iterations(iterations)
        .measure(
            () -> {
              if (began == 0) {
                began = System.nanoTime();
              }
              body();
              ended = System.nanoTime();
            });
    return (ended - began) / 1e6;
  }

  private void body() throws IOException {
    Path file = Files.writeString(dir.resolve("file"), "content");
    Files.readString(file);
    Files.delete(file);
    new ServerSocket(0, 1, InetAddress.getLoopbackAddress()).close();
  }
}
