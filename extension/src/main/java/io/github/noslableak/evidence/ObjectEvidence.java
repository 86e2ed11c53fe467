package io.github.noslableak.evidence;

import io.github.noslableak.object.Decoded;
import io.github.noslableak.object.ObjectReader;
import io.github.noslableak.report.LeftBehind;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the objects are that are left, read where they lie. It must look before garbage is
 * collected, which may close what they are of.
 */
final class ObjectEvidence implements EvidenceSource {

  /** Of one cache: a leak of thousands is the same thousands of times, or a sample shows it. */
  private static final int MOST_OF_A_CACHE = 100;

  private static final Duration LIMIT = Duration.ofSeconds(2);

  private Optional<LeftBehind> found = Optional.empty();

  @Override
  public void lookAgain(Grown grown) {
    if (grown.isLeak() && grown.caches().stream().anyMatch(ObjectReader::knows)) {
      try {
        read(grown);
      } catch (IOException | RuntimeException e) {
        // Whatever is wrong with evidence, the verdict stands without it.
        found = Optional.of(LeftBehind.unread(String.valueOf(e.getMessage())));
      }
    }
  }

  private void read(Grown grown) throws IOException {
    List<Followed.At> left = sample(grown.left());
    if (left.isEmpty()) {
      return;
    }
    try (ObjectReader reader = ObjectReader.open()) {
      long end = System.nanoTime() + LIMIT.toNanos();
      Map<Followed.At, Decoded> decoded = new HashMap<>();
      for (Followed.At object : left) {
        if (System.nanoTime() - end < 0) {
          reader
              .read(object.cache(), object.address())
              .ifPresent(known -> decoded.put(object, known));
        }
      }
      // Of one that was freed meanwhile, something else was read.
      decoded.keySet().retainAll(grown.left());
      LeftBehind described = LeftBehind.of(described(decoded));
      found = Optional.of(withOpeners(reader, described, grown));
    }
  }

  /** Two processes may have opened one path; the files themselves tell them apart. */
  private static LeftBehind withOpeners(ObjectReader reader, LeftBehind left, Grown grown) {
    Set<Long> files =
        grown.left().stream()
            .filter(object -> object.cache().equals(ObjectReader.FILE))
            .map(Followed.At::address)
            .collect(Collectors.toSet());
    return files.isEmpty()
        ? left
        : reader.processesWith(files, LIMIT).map(left::withOpeners).orElse(left);
  }

  private static List<Followed.At> sample(Set<Followed.At> all) {
    List<Followed.At> sample = new ArrayList<>();
    all.stream()
        .filter(object -> ObjectReader.knows(object.cache()))
        .collect(Collectors.groupingBy(Followed.At::cache))
        .values()
        .forEach(
            ofCache ->
                ofCache.stream()
                    .sorted(Comparator.comparingLong(Followed.At::address))
                    .limit(MOST_OF_A_CACHE)
                    .forEach(sample::add));
    return sample;
  }

  private static List<LeftBehind.Left> described(Map<Followed.At, Decoded> decoded) {
    return decoded.entrySet().stream()
        .map(
            entry ->
                new LeftBehind.Left(
                    entry.getKey().cache(), entry.getValue().name(), entry.getValue().references()))
        .toList();
  }

  @Override
  public void facts(Grown grown, Facts facts) {
    found.ifPresent(facts::add);
  }
}
