package io.github.noslableak.proc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Threads that the JVM starts for itself and that run no Java code: those of its compilers, of its
 * garbage collectors, and the VM's own. They never do a test's work, but start further ones and end
 * them again as there is work (UseDynamicNumberOfCompilerThreads, UseDynamicNumberOfGCThreads), and
 * each takes a stack of the kernel. As of HotSpot, JDK 17 to 25; the kernel keeps the first 15
 * bytes of their names.
 *
 * <p>Not those that run Java code as well, such as Finalizer and Signal Dispatcher.
 */
final class HotSpotThreads {

  /** In full, for a product may call its own threads much the same. */
  private static final Pattern NAME =
      Pattern.compile(
          "C[12] Com(pilerThre|\\.\\.hread\\d+)" // Shortened in its middle by later JDKs.
              + "|VM Thread"
              + "|VM Periodic Tas"
              + "|GC Thread#\\d+"
              + "|G1 (Main Marker|Service|(Conc|Refine)#\\d+)"
              + "|Z(Director|Driver(Minor|Major)?|Stat|Worker(Young|Old)?#\\d+)"
              + "|Shenandoah (GC T|Cont)");

  private HotSpotThreads() {}

  /** Returns whether a task of this JVM is one of them; no longer if it has ended. */
  static boolean isOne(String task) {
    try {
      String name =
          Files.readString(Path.of("/proc/self/task", task, "comm"), StandardCharsets.ISO_8859_1);
      return isCalled(name.strip());
    } catch (IOException e) {
      return false; // It has ended since.
    }
  }

  /** Returns whether a thread with this name is one of them. */
  static boolean isCalled(String name) {
    return NAME.matcher(name).matches();
  }
}
