package io.github.noslableak.evidence;

import io.github.noslableak.kernel.LoopDevices;
import io.github.noslableak.report.InKernel;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Which loop devices are attached: the kernel has the file open that is behind each. */
final class LoopEvidence implements EvidenceSource {

  /** A confirmation runs the body three times at least; one more may be anybody's. */
  private static final int LEAST = 3;

  private final Supplier<Map<String, String>> look;
  private Map<String, String> before = Map.of();
  private Map<String, String> now = Map.of();

  LoopEvidence() {
    this(LoopEvidence::attached);
  }

  /**
   * Makes one that asks another.
   *
   * @param look returns the file behind each device, by the device's path
   */
  LoopEvidence(Supplier<Map<String, String>> look) {
    this.look = look;
  }

  private static Map<String, String> attached() {
    try {
      return LoopDevices.backingFiles();
    } catch (IOException | DirectoryIteratorException e) {
      return Map.of(); // Whatever is wrong with evidence, the verdict stands without it.
    }
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
    List<InKernel.Loop> attached =
        now.entrySet().stream()
            .filter(entry -> !entry.getValue().equals(before.get(entry.getKey())))
            .map(entry -> new InKernel.Loop(entry.getKey(), entry.getValue()))
            .toList();
    facts.addLoops(attached.size() >= LEAST ? attached : List.of());
  }
}
