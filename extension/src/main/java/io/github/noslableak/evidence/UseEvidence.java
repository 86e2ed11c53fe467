package io.github.noslableak.evidence;

import io.github.noslableak.kernel.LoopDevices;
import io.github.noslableak.proc.Swaps;
import io.github.noslableak.report.InKernel.Use;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Which loop devices are attached, and what is swapped to: the kernel has the file open that is
 * behind each.
 */
final class UseEvidence implements EvidenceSource {

  /** A confirmation runs the body three times at least; one more may be anybody's. */
  private static final int LEAST = 3;

  private final Supplier<Set<Use>> look;
  private Set<Use> before = Set.of();
  private Set<Use> now = Set.of();

  UseEvidence() {
    this(UseEvidence::uses);
  }

  /**
   * Makes one that asks another.
   *
   * @param look returns what is in use
   */
  UseEvidence(Supplier<Set<Use>> look) {
    this.look = look;
  }

  private static Set<Use> uses() {
    Set<Use> uses = new HashSet<>();
    // Whatever is wrong with evidence, the verdict stands without it.
    try {
      LoopDevices.backingFiles().forEach((device, file) -> uses.add(Use.ofLoop(device, file)));
    } catch (IOException | DirectoryIteratorException e) {
      uses.clear();
    }
    try {
      Swaps.ofThisMachine().names().forEach(path -> uses.add(Use.ofSwap(path)));
    } catch (IOException e) {
      return uses;
    }
    return uses;
  }

  @Override
  public void suspicion(Duration most) {
    before = look.get();
  }

  @Override
  public void lookAgain(Grown grown) {
    boolean matters = grown.hasRounds() && grown.isLeak() && grown.mayBeHeldByFiles();
    now = matters ? look.get() : before;
  }

  /** One of these keeps several objects, but fewer than there were runs do not explain a leak. */
  @Override
  public void facts(Grown grown, Facts facts) {
    List<Use> added = now.stream().filter(use -> !before.contains(use)).toList();
    facts.addUses(added.size() >= LEAST ? added : List.of());
  }
}
