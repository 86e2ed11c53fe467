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
import java.util.function.Supplier;

/**
 * What is registered with this JVM's descriptors: each watch of an inotify instance keeps an inode,
 * though no descriptor leads to it.
 */
final class RegistrationEvidence implements EvidenceSource {

  /**
   * What can be registered with a descriptor.
   *
   * @param begin what /proc/self/fdinfo begins a line with for each (proc(5))
   */
  private record Kind(String begin, Registered registered) {}

  /** By what the descriptor refers to. */
  private static final Map<String, Kind> KINDS =
      Map.of(
          "anon_inode:inotify", new Kind("inotify wd:", Registered.WATCH),
          "anon_inode:[eventpoll]", new Kind("tfd:", Registered.KEY),
          "anon_inode:[fanotify]", new Kind("fanotify ", Registered.MARK));

  /**
   * A descriptor that things are registered with.
   *
   * @param number its number
   * @param target what it refers to
   */
  record Registry(int number, String target) {}

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
    try {
      Descriptors.ofThisJvm()
          .targets()
          .forEach(
              (number, target) -> {
                Kind kind = KINDS.get(target);
                if (kind != null) {
                  counts.put(new Registry(number, target), count(number, kind.begin));
                }
              });
    } catch (UncheckedIOException e) {
      // This JVM may have no descriptor left to look with.
    }
    return counts;
  }

  private static long count(int descriptor, String begin) {
    try {
      return FdInfo.of(Path.of("/proc/self"), Integer.toString(descriptor)).lines().stream()
          .filter(line -> line.startsWith(begin))
          .count();
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
          Kind kind = KINDS.get(registry.target());
          Long earlier = before.get(registry);
          if (kind != null && earlier != null && count - earlier >= grown.fewestLeft()) {
            more.add(new Registration(kind.registered, registry.target(), count - earlier));
          }
        });
    facts.addRegistrations(more);
  }
}
