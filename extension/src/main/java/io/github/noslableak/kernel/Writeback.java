package io.github.noslableak.kernel;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

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

  /** A disk that is busy takes seconds; one that does not answer keeps a test this long, once. */
  private static final Duration LONGEST = Duration.ofSeconds(30);

  /** One that took longer than that is not waited for so long again. */
  private static final Duration LATE = Duration.ofSeconds(1);

  /** The major number of file systems without a device: in memory, or behind a server. */
  private static final String WITHOUT_DEVICE = "0:";

  /** Of those, the ones that keep data on devices by another way. */
  private static final Set<String> ON_DEVICES =
      Set.of("btrfs", "zfs", "bcachefs", "ubifs", "jffs2", "ecryptfs");

  /** Without it nothing goes on at all, whoever answers for it. */
  private static final String ROOT = "/";

  /** Who writes out which device: one that does not answer keeps a thread of ours, and no more. */
  private static final Map<String, Thread> WRITING = new ConcurrentHashMap<>();

  /** What one could not be asked to write out, or did not in time. */
  private static volatile List<MountInfo.Mount> left = List.of();

  private Writeback() {}

  /** Returns which file systems were not written out when it was last asked for. */
  public static List<MountInfo.Mount> left() {
    return left;
  }

  /** Writes all out, where that ends in time. */
  public static void await() {
    MountInfo info;
    try {
      info = MountInfo.of(Path.of("/proc/thread-self"));
    } catch (IOException e) {
      Libc.sync(); // Which are mounted is not told, so all are asked.
      return;
    }
    List<MountInfo.Mount> asked = asked(info);
    List<Thread> started = new ArrayList<>();
    for (MountInfo.Mount mount : asked) {
      Thread before = WRITING.get(mount.device());
      if (before != null) {
        join(List.of(before), LATE); // What was written since then is asked for anew.
      }
      if (before == null || !before.isAlive()) {
        Thread writing = new Thread(() -> write(mount), "noslableak-writeback");
        writing.setDaemon(true);
        writing.start();
        WRITING.put(mount.device(), writing);
        started.add(writing);
      }
    }
    join(started, LONGEST);
    WRITING.values().removeIf(writing -> !writing.isAlive());
    left =
        lasting(info).stream()
            .filter(mount -> asked.stream().noneMatch(other -> isWritten(other, mount)))
            .toList();
  }

  private static boolean isWritten(MountInfo.Mount asked, MountInfo.Mount mount) {
    return asked.device().equals(mount.device()) && !WRITING.containsKey(asked.device());
  }

  private static void join(List<Thread> started, Duration longest) {
    boolean interrupted = false;
    long end = System.nanoTime() + longest.toNanos();
    for (Thread writing : started) {
      while (writing.isAlive() && end - System.nanoTime() > 0) {
        try {
          TimeUnit.NANOSECONDS.timedJoin(writing, end - System.nanoTime());
        } catch (InterruptedException e) {
          interrupted = true; // It is for the body, which is not run now.
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** One that cannot be opened was unmounted since. */
  private static void write(MountInfo.Mount mount) {
    int descriptor = Libc.open(mount.point(), Libc.O_RDONLY | Libc.O_NONBLOCK | Libc.O_CLOEXEC, 0);
    if (descriptor >= 0) {
      int ignored = Libc.syncfs(descriptor);
      ignored = Libc.close(descriptor);
    }
  }

  /** Returns what keeps data elsewhere than in memory, and can be seen. */
  private static List<MountInfo.Mount> lasting(MountInfo info) {
    List<MountInfo.Mount> all = info.mounts();
    return IntStream.range(0, all.size())
        .filter(i -> keepsData(all.get(i)))
        .filter(
            i ->
                all.subList(i + 1, all.size()).stream()
                    .noneMatch(later -> later.point().equals(all.get(i).point())))
        .mapToObj(all::get)
        .toList();
  }

  /** An overlay's data is on another file system, which is asked; but for that of a container. */
  private static boolean keepsData(MountInfo.Mount mount) {
    return mount.isServed()
        || mount.point().equals(ROOT)
        || !mount.device().startsWith(WITHOUT_DEVICE)
        || ON_DEVICES.contains(mount.type());
  }

  /** Returns one mount of each file system that is asked. */
  static List<MountInfo.Mount> asked(MountInfo info) {
    Map<String, MountInfo.Mount> byDevice = new LinkedHashMap<>();
    lasting(info).stream()
        .filter(
            mount ->
                mount.point().equals(ROOT)
                    || (!mount.isServed() && info.isReachable(mount.point())))
        .sorted(Comparator.comparing(mount -> mount.point().length()))
        .forEach(mount -> byDevice.putIfAbsent(mount.device(), mount));
    return List.copyOf(byDevice.values());
  }
}
