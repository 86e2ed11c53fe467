package io.github.noslableak.kernel;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Has what was written to file systems carried out to their devices: what is dirty outlives every
 * drop of caches, for up to half a minute (vm.dirty_expire_centisecs).
 *
 * <p>Not by sync(2), which waits for every file system of this machine: also for one that has data
 * to write and whose server does not answer, for ever, and in a way that not even SIGKILL ends
 * (fs/fs-writeback.c, wait_sb_inodes). Those that a server answers for are left out, and the others
 * are waited for with a bound.
 */
public final class Writeback {

  /** A disk that is busy takes seconds; one that takes longer keeps the test from going on. */
  private static final Duration LONGEST = Duration.ofSeconds(5);

  /** The major number of file systems without a device: in memory, or behind a server. */
  private static final String WITHOUT_DEVICE = "0:";

  /** Of those, the ones that keep data elsewhere, though, and not behind a server. */
  private static final Set<String> ON_DEVICES =
      Set.of("btrfs", "overlay", "zfs", "bcachefs", "ubifs", "jffs2", "aufs", "ecryptfs");

  /** What one could not be asked to write out, or did not in time. */
  private static volatile List<MountInfo.Mount> left = List.of();

  /** One that does not answer keeps a thread of ours: a second one would only join it. */
  private static volatile boolean waiting;

  private Writeback() {}

  /** Returns which file systems were not written out when it was last asked for. */
  public static List<MountInfo.Mount> left() {
    return left;
  }

  /** Writes all out, where that ends in time. */
  public static void await() {
    if (waiting) {
      return; // What is left is as before.
    }
    MountInfo info;
    try {
      info = MountInfo.of(Path.of("/proc/thread-self"));
    } catch (IOException e) {
      Libc.sync(); // Which are mounted is not told, so all are asked.
      return;
    }
    List<MountInfo.Mount> asked = onDevices(info);
    Set<MountInfo.Mount> pending = ConcurrentHashMap.newKeySet();
    pending.addAll(asked);
    if (!asked.isEmpty()) {
      awaitAll(asked, pending);
    }
    left =
        info.mounts().stream()
            .filter(mount -> mount.isServed() || pending.contains(mount))
            .toList();
  }

  private static void awaitAll(List<MountInfo.Mount> asked, Set<MountInfo.Mount> pending) {
    waiting = true;
    Thread writing =
        new Thread(
            () -> {
              try {
                asked.forEach(mount -> write(mount, pending));
              } finally {
                waiting = false;
              }
            },
            "noslableak-writeback");
    writing.setDaemon(true);
    writing.start();
    boolean interrupted = false;
    long end = System.nanoTime() + LONGEST.toNanos();
    while (writing.isAlive() && end - System.nanoTime() > 0) {
      try {
        TimeUnit.NANOSECONDS.timedJoin(writing, end - System.nanoTime());
      } catch (InterruptedException e) {
        interrupted = true; // It is for the body, which is not run now.
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void write(MountInfo.Mount mount, Set<MountInfo.Mount> pending) {
    int descriptor = Libc.open(mount.point(), Libc.O_RDONLY | Libc.O_NONBLOCK | Libc.O_CLOEXEC, 0);
    if (descriptor >= 0) {
      int ignored = Libc.syncfs(descriptor);
      ignored = Libc.close(descriptor);
    }
    pending.remove(mount); // One that cannot be opened was unmounted since, or is out of reach.
  }

  /** Returns one mount of each file system with a device that can be reached. */
  static List<MountInfo.Mount> onDevices(MountInfo info) {
    Map<String, MountInfo.Mount> byDevice = new LinkedHashMap<>();
    info.mounts().stream()
        .filter(
            mount ->
                !mount.device().startsWith(WITHOUT_DEVICE) || ON_DEVICES.contains(mount.type()))
        .filter(mount -> !mount.isServed() && info.isReachable(mount.point()))
        .sorted(Comparator.comparing(mount -> mount.point().length()))
        .forEach(mount -> byDevice.putIfAbsent(mount.device(), mount));
    return List.copyOf(byDevice.values());
  }
}
