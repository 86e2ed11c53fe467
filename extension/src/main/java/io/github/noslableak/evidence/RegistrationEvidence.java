package io.github.noslableak.evidence;

import io.github.noslableak.proc.Descriptors;
import io.github.noslableak.proc.FdInfo;
import io.github.noslableak.report.Registered;
import io.github.noslableak.report.Registration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * What is registered with this JVM's descriptors: each watch of an inotify instance keeps an inode,
 * though no descriptor leads to it.
 */
final class RegistrationEvidence implements EvidenceSource {

  /**
   * What can be registered with a descriptor.
   *
   * @param count how many of them /proc/self/fdinfo tells of (proc(5))
   */
  private record Kind(ToLongFunction<FdInfo> count, Registered registered) {

    /** Makes one that has a line for each. */
    static Kind ofLines(String begin, Registered registered) {
      return new Kind(
          info -> info.lines().stream().filter(line -> line.startsWith(begin)).count(), registered);
    }
  }

  /** By what the descriptor refers to. */
  private static final Map<String, Kind> KINDS =
      Map.of(
          "anon_inode:inotify", Kind.ofLines("inotify wd:", Registered.WATCH),
          "anon_inode:[eventpoll]", Kind.ofLines("tfd:", Registered.KEY),
          "anon_inode:[fanotify]", Kind.ofLines("fanotify ino:", Registered.MARK),
          "anon_inode:[io_uring]", new Kind(FdInfo::registeredFiles, Registered.RING_FILE));

  /** Files that were sent over a UNIX socket are held by the queue that they wait in. */
  private static final Kind IN_FLIGHT = new Kind(FdInfo::undelivered, Registered.IN_FLIGHT);

  private static Optional<Kind> kind(String target) {
    return Optional.ofNullable(target.startsWith("socket:") ? IN_FLIGHT : KINDS.get(target));
  }

  /**
   * A descriptor that things are registered with.
   *
   * @param number its number
   * @param target what it refers to
   */
  record Registry(int number, String target) {}

  /** Of a JVM with very many sockets some are left out: of those nothing is said. */
  private static final Duration LIMIT = Duration.ofMillis(300);

  private final Supplier<Map<Registry, Long>> look;
  private Map<Registry, Long> before = Map.of();
  private Map<Registry, Long> now = Map.of();

  RegistrationEvidence() {
    this(RegistrationEvidence::registered);
  }

  /**
   * Makes one that asks another.
   *
   * @param look counts what is registered with each descriptor
   */
  RegistrationEvidence(Supplier<Map<Registry, Long>> look) {
    this.look = look;
  }

  private static Map<Registry, Long> registered() {
    Map<Registry, Long> counts = new HashMap<>();
    long end = System.nanoTime() + LIMIT.toNanos();
    try {
      Descriptors.ofThisJvm()
          .targets()
          .forEach(
              (number, target) -> {
                Optional<Kind> kind = kind(target);
                kind.filter(known -> System.nanoTime() - end < 0)
                    .ifPresent(
                        known -> counts.put(new Registry(number, target), count(number, known)));
              });
    } catch (UncheckedIOException e) {
      // This JVM may have no descriptor left to look with.
    }
    return counts;
  }

  private static long count(int descriptor, Kind kind) {
    try {
      return kind.count.applyAsLong(FdInfo.of(Path.of("/proc/self"), Integer.toString(descriptor)));
    } catch (IOException e) {
      return 0; // Closed meanwhile.
    }
  }

  @Override
  public void suspicion(Duration most) {
    before = look.get();
  }

  @Override
  public void lookAgain(Grown grown) {
    now = grown.hasRounds() && grown.isLeak() ? look.get() : before;
  }

  /**
   * Of descriptors that were there before: another one leaks itself. Fewer than the rounds left do
   * not explain it.
   */
  @Override
  public void facts(Grown grown, Facts facts) {
    List<Registration> more = new ArrayList<>();
    now.forEach(
        (registry, count) -> {
          Long earlier = before.get(registry);
          if (earlier != null && count - earlier >= grown.fewestLeft()) {
            kind(registry.target())
                .ifPresent(
                    kind ->
                        more.add(
                            new Registration(kind.registered, registry.target(), count - earlier)));
          }
        });
    facts.addRegistrations(more);
  }
}
