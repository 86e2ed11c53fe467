package io.github.noslableak.evidence;

import io.github.noslableak.report.Holders;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Which loop devices are attached: the kernel has the file open that is behind each. */
final class LoopEvidence implements EvidenceSource {

  private static final Path BLOCK = Path.of("/sys/block");

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
    Map<String, String> attached = new TreeMap<>();
    try (DirectoryStream<Path> devices = Files.newDirectoryStream(BLOCK, "loop*")) {
      for (Path device : devices) {
        Path file = device.resolve("loop/backing_file");
        if (Files.exists(file)) {
          attached.put("/dev/" + device.getFileName(), Files.readString(file).strip());
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // Detached meanwhile, or none here: whatever is wrong with evidence, the verdict stands.
    }
    return attached;
  }

  @Override
  public void suspicion(Duration most) {
    before = look.get();
  }

  @Override
  public void lookAgain(Grown grown) {
    now = grown.hasRounds() && grown.mayBeHeldByFiles() ? look.get() : before;
  }

  @Override
  public void facts(Grown grown, Facts facts) {
    facts.addLoops(
        now.entrySet().stream()
            .filter(entry -> !entry.getValue().equals(before.get(entry.getKey())))
            .map(entry -> new Holders.Loop(entry.getKey(), entry.getValue()))
            .toList());
  }
}
