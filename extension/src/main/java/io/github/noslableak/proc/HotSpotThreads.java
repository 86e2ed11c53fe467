package io.github.noslableak.proc;

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

  /** Returns whether a thread with this name is one of them. */
  static boolean isCalled(String name) {
    return NAME.matcher(name).matches();
  }
}
