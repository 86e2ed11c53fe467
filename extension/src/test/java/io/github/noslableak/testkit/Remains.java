package io.github.noslableak.testkit;

import io.github.noslableak.kernel.TraceFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Looks from outside what a process that measured, or mounted, left on this machine. */
public final class Remains {

  private static final Path MOUNTS = Path.of("/run/noslableak/mounts");

  private static final String COMPANION = "noslableak";

  private Remains() {}

  /**
   * Returns what there is of a process: instances of tracing, probes, mounts and their directories,
   * and the companion that watches it.
   */
  public static List<String> of(long pid) throws IOException {
    List<String> left = new ArrayList<>();
    Path tracing = TraceFileSystem.root();
    for (Path directory : List.of(tracing.resolve("instances"), MOUNTS)) {
      if (Files.isDirectory(directory)) {
        try (Stream<Path> entries = Files.list(directory)) {
          entries
              .map(entry -> entry.getFileName().toString())
              .filter(name -> name.replace("noslableak-", "").startsWith(pid + "-"))
              .forEach(left::add);
        }
      }
    }
    for (Path file : List.of(Path.of("/proc/self/mountinfo"), tracing.resolve("kprobe_events"))) {
      if (Files.exists(file)) {
        try (Stream<String> lines = Files.lines(file)) {
          lines
              .filter(
                  line ->
                      line.contains("/mounts/" + pid + "-")
                          || line.contains("noslableak_" + pid + "_"))
              .forEach(left::add);
        }
      }
    }
    ProcessHandle.allProcesses()
        .filter(process -> isCompanion(process, pid))
        .forEach(process -> left.add("companion " + process.pid()));
    return left;
  }

  private static boolean isCompanion(ProcessHandle process, long pid) {
    List<String> arguments = List.of(process.info().arguments().orElse(new String[0]));
    int name = arguments.indexOf(COMPANION);
    return name > 0
        && name + 1 < arguments.size()
        && arguments.get(name + 1).equals(Long.toString(pid));
  }

  /** Returns what there is of a process that has ended, two seconds later, or nothing before. */
  public static List<String> afterTwoSeconds(long pid) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
    while (!of(pid).isEmpty() && System.nanoTime() < end) {
      Thread.sleep(20);
    }
    return of(pid);
  }
}
