package io.github.noslableak.diagnosis;

import io.github.noslableak.dump.CacheUse;
import io.github.noslableak.dump.Dump;
import io.github.noslableak.dump.Memory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tells which dumps are of one moment, and which of two. */
public final class Moments {

  private Moments() {}

  /**
   * Says what dumps tell: the last against the first where they are of several moments.
   *
   * @param dumps in the order of time, unless they tell another; one at least
   * @param apart how long it is between the first and the last, if the reader knows
   */
  public static Diagnosis diagnose(List<Dump> dumps, Optional<Duration> apart) {
    List<Dump> moments = new ArrayList<>();
    for (Dump dump : paired(dumps)) {
      Dump last = moments.isEmpty() ? null : moments.get(moments.size() - 1);
      if (last != null && belongsTo(last, dump)) {
        moments.set(moments.size() - 1, merge(last, dump));
      } else {
        moments.add(dump);
      }
    }
    if (moments.size() == 1) {
      return Diagnosis.of(moments.get(0));
    }
    Dump first = moments.get(0);
    Dump last = moments.get(moments.size() - 1);
    boolean turned = isBefore(last, first);
    Dump earlier = turned ? last : first;
    Dump latest = turned ? first : last;
    return Diagnosis.of(earlier, latest, apart.or(() -> between(earlier, latest)));
  }

  /**
   * Brings files of the memory and of the caches, each of several moments, together by their order:
   * a shell lists all of one kind before those of the other.
   */
  private static List<Dump> paired(List<Dump> dumps) {
    List<Dump> memories = dumps.stream().filter(dump -> dump.caches().isEmpty()).toList();
    List<Dump> caches = dumps.stream().filter(dump -> dump.memory().isEmpty()).toList();
    if (memories.size() != caches.size() || 2 * memories.size() != dumps.size()) {
      return dumps;
    }
    List<Dump> paired = new ArrayList<>();
    for (int moment = 0; moment < memories.size(); moment++) {
      paired.add(memories.get(moment));
      paired.add(caches.get(moment));
    }
    return paired;
  }

  /** A file of the memory and one of the caches are of one moment, unless they tell two. */
  private static boolean belongsTo(Dump last, Dump next) {
    boolean sameMemory = last.memory().isPresent() && next.memory().isPresent();
    boolean sameCaches = !last.caches().isEmpty() && !next.caches().isEmpty();
    boolean otherTime = differ(last.uptime(), next.uptime()) || differ(last.taken(), next.taken());
    return !sameMemory && !sameCaches && !otherTime;
  }

  private static boolean differ(Optional<?> one, Optional<?> other) {
    return one.isPresent() && other.isPresent() && !one.equals(other);
  }

  private static Dump merge(Dump one, Dump other) {
    Map<String, List<String>> aliases = new LinkedHashMap<>(other.aliases());
    aliases.putAll(one.aliases());
    Optional<Memory> memory = one.memory().or(other::memory);
    List<CacheUse> caches = one.caches().isEmpty() ? other.caches() : one.caches();
    return new Dump(
        one.source() + " and " + other.source(),
        memory,
        caches,
        aliases,
        one.uptime().or(other::uptime),
        one.taken().or(other::taken),
        one.kernel().or(other::kernel),
        both(one.foreignModules(), other.foreignModules()),
        both(one.notes(), other.notes()));
  }

  private static List<String> both(List<String> one, List<String> other) {
    List<String> both = new ArrayList<>(one);
    other.stream().filter(item -> !one.contains(item)).forEach(both::add);
    return both;
  }

  /** By their dates; where they tell none, in the order in which they were given. */
  private static boolean isBefore(Dump one, Dump other) {
    return one.taken().isPresent()
        && other.taken().isPresent()
        && one.taken().get().isBefore(other.taken().get());
  }

  /** Where the machine was started again in between, it is not known how long it took to grow. */
  private static Optional<Duration> between(Dump earlier, Dump latest) {
    if (earlier.uptime().isPresent() && latest.uptime().isPresent()) {
      Duration up = latest.uptime().get().minus(earlier.uptime().get());
      return up.isNegative() || up.isZero() ? Optional.empty() : Optional.of(up);
    }
    return earlier.taken().isPresent() && latest.taken().isPresent()
        ? Optional.of(Duration.between(earlier.taken().get(), latest.taken().get()))
            .filter(time -> !time.isZero())
        : Optional.empty();
  }
}
