package io.github.noslableak.slab;

import io.github.noslableak.kernel.Libc;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Has the kernel free the network namespaces that have ended.
 *
 * <p>Since 6.13 the worker that takes namespaces down frees those of its last round, and keeps the
 * ones of this round until the next (net/core/net_namespace.c, {@code net_complete_free} in {@code
 * cleanup_net}); so one or some of them always lie there, however long one waits.
 */
public final class NetworkNamespaces {

  /** The slab cache of their objects. */
  public static final String CACHE = "net_namespace";

  private static final int CLONE_NEWNET = 0x40000000;

  /** Making one waits for whoever takes others down, which takes some 20 ms for each. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final AtomicBoolean GIVEN_UP = new AtomicBoolean();

  private NetworkNamespaces() {}

  /**
   * Makes a network namespace and leaves it, whereupon the kernel takes it down: a thread of its
   * own moves into it and ends.
   *
   * @return whether the kernel allowed it
   */
  public static boolean comeAndGo() {
    if (GIVEN_UP.get()) {
      return false;
    }
    AtomicBoolean could = new AtomicBoolean();
    Thread thread = new Thread(() -> could.set(Libc.unshare(CLONE_NEWNET) == 0), "NoSlabLeak");
    thread.setDaemon(true);
    thread.start();
    await(thread);
    if (thread.isAlive()) {
      giveUp();
    }
    return could.get();
  }

  /** A body may have left this thread interrupted. */
  private static void await(Thread thread) {
    boolean interrupted = Thread.interrupted();
    try {
      thread.join(PATIENCE.toMillis());
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Makes no more of them in this JVM: where the kernel takes none down any more, such as for a
   * device that somebody holds, they would only add up.
   */
  public static void giveUp() {
    GIVEN_UP.set(true);
  }
}
