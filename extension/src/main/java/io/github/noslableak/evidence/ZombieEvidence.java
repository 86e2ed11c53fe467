package io.github.noslableak.evidence;

import io.github.noslableak.proc.ProcessScan;
import io.github.noslableak.proc.ProcessStat;
import io.github.noslableak.report.InKernel.Use;
import io.github.noslableak.verdict.Whose;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Which processes have children that have ended, and did not ask how: each keeps its task. */
final class ZombieEvidence implements EvidenceSource {

  /** What is left of a process until its parent has asked. */
  private static final Set<String> OF_ZOMBIES =
      Set.of("task_struct", "pid", "signal_cache", "cred", "cred_jar", "task_delay_info");

  private final Supplier<Map<Integer, ProcessStat>> look;
  private Map<Integer, ProcessStat> before = Map.of();
  private Map<Integer, ProcessStat> now = Map.of();

  ZombieEvidence() {
    this(ZombieEvidence::processes);
  }

  /**
   * Makes one that asks another.
   *
   * @param look returns all processes by number
   */
  ZombieEvidence(Supplier<Map<Integer, ProcessStat>> look) {
    this.look = look;
  }

  private static Map<Integer, ProcessStat> processes() {
    try {
      return ProcessScan.processes();
    } catch (IOException e) {
      return Map.of(); // Whatever is wrong with evidence, the verdict stands without it.
    }
  }

  @Override
  public void suspicion(Duration most) {
    before = look.get();
  }

  @Override
  public void lookAgain(Grown grown) {
    boolean matters =
        grown.hasRounds()
            && grown.isLeak()
            && grown.caches().stream().anyMatch(OF_ZOMBIES::contains);
    now = matters ? look.get() : Map.of();
  }

  /** Of processes that are the test's, or allocated for it: anybody may have some. */
  @Override
  public void facts(Grown grown, Facts facts) {
    Map<Integer, Long> earlier = byParent(before);
    List<Use> uses = new ArrayList<>();
    byParent(now)
        .forEach(
            (number, children) -> {
              long more = children - earlier.getOrDefault(number, 0L);
              Optional<ProcessStat> parent =
                  Optional.ofNullable(now.get(number)).filter(process -> isOfTest(process, grown));
              if (parent.isPresent() && more >= grown.fewestLeft()) {
                uses.add(Use.ofZombies(parent.get().name(), number, more));
              }
            });
    facts.addUses(uses);
  }

  private boolean isOfTest(ProcessStat process, Grown grown) {
    return ProcessScan.kind(process, now) == Whose.OWN
        || grown.allocators().filter(all -> all.contains(process.pid())).isPresent();
  }

  private static Map<Integer, Long> byParent(Map<Integer, ProcessStat> processes) {
    Map<Integer, Long> zombies = new HashMap<>();
    processes.values().stream()
        .filter(ProcessStat::zombie)
        .forEach(zombie -> zombies.merge(zombie.parent(), 1L, Long::sum));
    return zombies;
  }
}
