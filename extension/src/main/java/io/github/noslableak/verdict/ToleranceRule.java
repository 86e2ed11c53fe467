package io.github.noslableak.verdict;

import java.util.Locale;

/**
 * How much some caches may grow, and why. Exactly one of objects and bytes is given, the other is
 * {@link #UNSET}.
 *
 * @param cache the cache's name, or a glob over names: {@code *} any characters, {@code ?} one
 * @param objects objects that may be left, 0 or more
 * @param bytes bytes of slab that may be left, 0 or more
 * @param perIteration whether the amount is for each iteration, else for the test
 * @param because the reason, not blank
 */
public record ToleranceRule(
    String cache, long objects, long bytes, boolean perIteration, String because) {

  /** The amount that is not given. */
  public static final long UNSET = -1;

  public ToleranceRule {
    because = because.strip();
    if (cache.isBlank()) {
      throw new IllegalArgumentException("a tolerance should name a cache");
    }
    if (cache.startsWith("@")) {
      throw new IllegalArgumentException(
          "a tolerance should name a cache or a glob, but names the group " + cache);
    }
    if (objects < UNSET || bytes < UNSET || (objects == UNSET) == (bytes == UNSET)) {
      throw new IllegalArgumentException(
          "the tolerance of %s should give either objects or bytes, 0 or more, but gives %s and %s"
              .formatted(cache, amount(objects, "objects"), amount(bytes, "bytes")));
    }
    if (because.isEmpty()) {
      throw new IllegalArgumentException(
          "the tolerance of " + cache + " should say why: because = \"...\"");
    }
  }

  private static String amount(long amount, String unit) {
    return (amount == UNSET ? "no" : amount) + " " + unit;
  }

  /** Returns whether this names the cache itself, not a pattern. */
  boolean isExact() {
    return !Wildcard.isIn(cache);
  }

  /** Returns how many characters of a name the pattern fixes. */
  int literals() {
    return (int) cache.chars().filter(c -> c != '*' && c != '?').count();
  }

  /** Returns whether this is about the cache of that name. */
  public boolean matches(String name) {
    return new Wildcard(cache).matches(name);
  }

  /**
   * Returns how many objects may be left in a cache that this is about. Bytes are rounded down to
   * whole objects; where an object's size is not known, none.
   *
   * @param iterations how often the body ran, 1 or more
   * @param slotBytes bytes of slab that one object takes, 0 if not known
   */
  public long objectsFor(int iterations, long slotBytes) {
    long amount = objects == UNSET ? bytes : objects;
    long total = perIteration ? saturated(amount, iterations) : amount;
    if (bytes == UNSET) {
      return total;
    }
    return slotBytes == 0 ? 0 : total / slotBytes;
  }

  private static long saturated(long amount, int times) {
    return amount > Long.MAX_VALUE / times ? Long.MAX_VALUE : amount * times;
  }

  /** Returns the amount in words: "2 objects per test", "512 bytes per iteration". */
  public String amount() {
    return "%s per %s"
        .formatted(
            bytes == UNSET ? count(objects, "object") : count(bytes, "byte"),
            perIteration ? "iteration" : "test");
  }

  private static String count(long count, String unit) {
    return String.format(Locale.ROOT, "%,d %s%s", count, unit, count == 1 ? "" : "s");
  }
}
