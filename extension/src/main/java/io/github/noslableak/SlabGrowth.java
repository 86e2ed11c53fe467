package io.github.noslableak;

import io.github.noslableak.report.LeakReport;
import io.github.noslableak.report.TextReport;
import io.github.noslableak.verdict.CacheGrowth;
import io.github.noslableak.verdict.Verdict;
import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How many objects each watched slab cache gained, measured by a {@link SlabGuard}. */
public final class SlabGrowth implements Serializable {

  private static final long serialVersionUID = 1L;

  private final TreeMap<String, Long> objects = new TreeMap<>();
  private final TreeMap<String, String> aliases;
  private final @Nullable String finding;

  private SlabGrowth(
      List<CacheGrowth> growths, Map<String, String> aliases, @Nullable String finding) {
    growths.forEach(growth -> objects.put(growth.cache(), growth.objects()));
    this.aliases = new TreeMap<>(aliases);
    this.finding = finding;
  }

  /**
   * Makes the growth of a clean measurement.
   *
   * @param aliases from the other names of watched slabs to the name they are watched under
   */
  static SlabGrowth clean(Verdict verdict, Map<String, String> aliases) {
    return new SlabGrowth(verdict.growths(), aliases, null);
  }

  static SlabGrowth leak(Map<String, String> aliases, LeakReport report) {
    return new SlabGrowth(report.verdict().growths(), aliases, TextReport.of(report));
  }

  /**
   * Returns the growth of a cache.
   *
   * @param cache a watched cache, by any of the names that share its slabs
   * @return objects more than before; negative if fewer
   * @throws IllegalArgumentException if the cache was not watched
   */
  public long of(String cache) {
    Long growth = objects.get(aliases.getOrDefault(cache, cache));
    if (growth == null) {
      throw new IllegalArgumentException(
          "\"" + cache + "\" was not watched; watched were " + objects.keySet());
    }
    return growth;
  }

  /** Returns the growth in objects by cache, of every cache that was judged, sorted by name. */
  public Map<String, Long> byCache() {
    return Collections.unmodifiableMap(objects);
  }

  /** Returns whether some cache gained more objects than tolerated. */
  public boolean isLeak() {
    return finding != null;
  }

  /** Returns the report of the leak, empty if there is none. */
  Optional<String> finding() {
    return Optional.ofNullable(finding);
  }

  @Override
  public String toString() {
    return "SlabGrowth" + objects;
  }
}
