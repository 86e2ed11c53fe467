package io.github.noslableak.engine;

import io.github.noslableak.kernel.TraceFileSystem;
import io.github.noslableak.proc.ProcessScan;
import io.github.noslableak.trace.TraceInstance;
import io.github.noslableak.trace.ref.ProbeGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What ledgers of processes that were killed left in the kernel's tracing. */
public final class Leftovers {

  private Leftovers() {}

  /**
   * Removes the instances of tracing and the probes of ledgers whose process is gone, and nothing
   * else. Where tracing cannot be used, there are none.
   */
  public static void remove() {
    if (ProcessScan.isInPidNamespace()) {
      return; // Which processes are gone cannot be told here.
    }
    try {
      Path root = TraceFileSystem.root();
      if (Files.isWritable(root.resolve("instances"))) {
        TraceInstance.removeStale(root.resolve("instances"));
      }
      if (Files.isWritable(ProbeGroup.file(root))) {
        ProbeGroup.removeStale(root);
      }
    } catch (IOException e) {
      // Then the next ledger tries, and says what is in the way.
    }
  }
}
