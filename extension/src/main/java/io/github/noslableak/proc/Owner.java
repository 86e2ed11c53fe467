package io.github.noslableak.proc;

import io.github.noslableak.verdict.Whose;
import java.nio.charset.StandardCharsets;

/**
 * Who allocated.
 *
 * @param whose whose work it was, as far as the task tells: a descendant of this JVM is its own,
 *     also one that has ended; a task whose birth was not seen, as when events were lost, is
 *     unknown
 * @param processId the process (thread group), a kernel thread's number, or 0 for an interrupt, for
 *     the slab allocator, and for what of this JVM is not the test's
 * @param name the process's name at that time, which is the program's after an exec
 */
public record Owner(Whose whose, int processId, String name) {

  /** Linux keeps 15 bytes of a task's name (TASK_COMM_LEN). */
  private static final int NAME_BYTES = 15;

  /** Whatever a processor does when it is interrupted, for whomever. */
  public static final Owner INTERRUPT = new Owner(Whose.KERNEL, 0, "interrupt");

  /**
   * What a processor does when it interrupts another process. Packets that this process sends to
   * itself, as on the loopback interface, are received so; but a packet for the test may come in
   * just then. So it is not known whose work it is.
   */
  public static final Owner INTERRUPT_OF_OTHERS = new Owner(Whose.UNBOOKED, 0, "interrupt");

  /** What works for the measurement in this JVM. */
  public static final Owner MEASUREMENT = new Owner(Whose.OTHERS, 0, "NoSlabLeak");

  /** The JVM itself: threads that it starts for itself and that never do a test's work. */
  public static final Owner HOTSPOT = new Owner(Whose.OTHERS, 0, "HotSpot");

  /** The slab allocator itself, whoever made it need something. */
  public static final Owner ALLOCATOR = new Owner(Whose.OTHERS, 0, "SLUB");

  /**
   * Returns whether it descends from this JVM or works for it. Births are followed, so a task whose
   * birth was not seen descends from somebody whom the kernel does not trace, such as a
   * hypervisor's agent, and not from this JVM; unless events were lost.
   */
  public boolean isOwn(boolean eventsWereLost) {
    return switch (whose) {
      case OWN, KERNEL -> true;
      case UNKNOWN -> eventsWereLost;
      case OTHERS, UNBOOKED -> false;
    };
  }

  /**
   * Returns whether the process has this name, as ps and top show it: the kernel keeps its first 15
   * bytes.
   */
  public boolean isCalled(String process) {
    return isCalled(name, process);
  }

  /** Returns whether a process with this name is the one that is called so, as above. */
  public static boolean isCalled(String name, String process) {
    return cut(process).equals(cut(name));
  }

  private static String cut(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    return new String(bytes, 0, Math.min(bytes.length, NAME_BYTES), StandardCharsets.UTF_8);
  }
}
