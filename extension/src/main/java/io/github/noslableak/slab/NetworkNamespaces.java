package io.github.noslableak.slab;

import io.github.noslableak.kernel.Libc;
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

  private NetworkNamespaces() {}

  /**
   * Makes a network namespace and leaves it, whereupon the kernel takes it down: a thread of its
   * own moves into it and ends.
   *
   * @return whether the kernel allowed it
   */
  public static boolean comeAndGo() {
    AtomicBoolean could = new AtomicBoolean();
    Thread thread = new Thread(() -> could.set(Libc.unshare(CLONE_NEWNET) == 0), "NoSlabLeak");
    thread.setDaemon(true);
    thread.start();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    return could.get();
  }
}
