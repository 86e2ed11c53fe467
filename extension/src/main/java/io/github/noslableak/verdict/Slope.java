package io.github.noslableak.verdict;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The growth per iteration over samples that were taken on the way: the median of the slopes
 * between all pairs of samples (Theil and Sen), which a step or a few outliers do not move.
 *
 * @param perIteration objects per iteration
 * @param low the lower end of the interval that holds it with 95 % confidence
 * @param high the upper end
 */
public record Slope(double perIteration, double low, double high) {

  /** Fewer samples bear no interval. */
  static final int LEAST_SAMPLES = 5;

  /** The normal distribution's two-sided 5 % point. */
  private static final double Z = 1.96;

  /**
   * What was counted after so many iterations.
   *
   * @param iteration iterations done, 0 or more
   * @param objects the cache's objects
   */
  public record Sample(int iteration, long objects) {}

  /**
   * Fits a slope.
   *
   * @param samples in any order, at different iterations
   * @return the slope, empty where there are too few samples
   */
  public static Optional<Slope> of(List<Sample> samples) {
    int count = samples.size();
    if (count < LEAST_SAMPLES) {
      return Optional.empty();
    }
    double[] slopes = new double[count * (count - 1) / 2];
    int pairs = 0;
    for (int i = 0; i < count; i++) {
      for (int j = i + 1; j < count; j++) {
        long distance = (long) samples.get(j).iteration() - samples.get(i).iteration();
        if (distance != 0) {
          slopes[pairs++] =
              ((double) samples.get(j).objects() - samples.get(i).objects()) / distance;
        }
      }
    }
    if (pairs == 0) {
      return Optional.empty();
    }
    Arrays.sort(slopes, 0, pairs);
    // Sen 1968: ranks of the interval's ends from the variance of Kendall's statistic. Ties only
    // make that smaller, and so this interval is on the safe side.
    double half = Z * Math.sqrt(count * (count - 1.0) * (2.0 * count + 5) / 18) / 2;
    int low = (int) Math.max(0, Math.floor(pairs / 2.0 - half));
    int high = (int) Math.min(pairs - 1.0, Math.ceil(pairs / 2.0 + half));
    double median =
        pairs % 2 == 1 ? slopes[pairs / 2] : (slopes[pairs / 2 - 1] + slopes[pairs / 2]) / 2;
    return Optional.of(new Slope(median, slopes[low], slopes[high]));
  }
}
