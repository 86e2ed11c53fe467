package io.github.noslableak.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What this kernel and these rights allow, probed before anything is changed.
 *
 * @param release as uname -r, or the operating system's name where it is not Linux
 * @param allocator how slab objects are counted
 * @param grace how a grace period can be waited for
 * @param rcuBarrier whether /sys/module/rcutree/parameters/do_rcu_barrier can be written (since
 *     6.7)
 * @param sheaves whether free objects hide in per-CPU sheaves until a shrink, a barrier and a
 *     shrink
 * @param obstacles what keeps this process from measuring; empty where it can measure
 */
public record KernelProfile(
    String release,
    Allocator allocator,
    Grace grace,
    boolean rcuBarrier,
    boolean sheaves,
    List<Obstacle> obstacles) {

  public static final Path PROC = Path.of("/proc");
  public static final Path SLAB = Path.of("/sys/kernel/slab");
  public static final Path SLABINFO = Path.of("/proc/slabinfo");
  public static final Path DROP_CACHES = Path.of("/proc/sys/vm/drop_caches");
  private static final Path RCU = Path.of("/sys/kernel");

  public static final Path RCU_BARRIER = Path.of("/sys/module/rcutree/parameters/do_rcu_barrier");

  /** How slab objects are counted. */
  public enum Allocator {
    /** SLUB with sysfs files: exact after a shrink. */
    SLUB(true),
    /** SLUB of 4.5 to 5.8 with a child cache for each memory cgroup, which only slabinfo sums. */
    SLUB_WITH_CGROUP_CHILDREN(false),
    /** SLAB, before 6.8: no shrink, and per-CPU arrays count as used. */
    SLAB(false),
    /** Not known, because it could not be read. */
    UNKNOWN(false);

    private final boolean exact;

    Allocator(boolean exact) {
      this.exact = exact;
    }

    /** Returns whether a counter equals the number of live objects once quiesced. */
    public boolean exact() {
      return exact;
    }
  }

  /** How a grace period can be waited for. */
  public enum Grace {
    /** membarrier(2) with MEMBARRIER_CMD_GLOBAL, which waits for one grace period. */
    MEMBARRIER,
    /** do_rcu_barrier: on one CPU membarrier returns at once, under nohz_full it is refused. */
    RCU_BARRIER,
    /**
     * A pause: neither of the two is there, as on one CPU before 6.7; or grace periods are
     * expedited (kernel/rcu/update.c, rcu_gp_is_expedited). What membarrier waits for is over in a
     * millisecond then, and what was dropped is freed only after a normal one. Measured on 6.18:
     * the barrier takes 64 ms there.
     */
    PAUSE
  }

  public KernelProfile {
    obstacles = List.copyOf(obstacles);
  }

  /** Returns whether slab objects can be counted here. */
  public boolean measurable() {
    return obstacles.isEmpty();
  }

  /** Probes the running kernel. Opens files and writes nothing. */
  public static KernelProfile probe() {
    Optional<Obstacle> platform = obstacleOfPlatform();
    if (platform.isPresent()) {
      return unmeasurable(platform.get());
    }
    String release = System.getProperty("os.version", "unknown");
    List<Obstacle> obstacles = new ArrayList<>();
    Allocator allocator = probeAllocator(obstacles);
    probeWriting(DROP_CACHES, obstacles);
    boolean barrier = refusalToWrite(RCU_BARRIER).isEmpty();
    return new KernelProfile(
        release, allocator, probeGrace(barrier), barrier, probeSheaves(), obstacles);
  }

  /** Returns why this JVM cannot make the kernel's calls at all. */
  public static Optional<Obstacle> obstacleOfPlatform() {
    String system = system();
    if (!system.equals("Linux")) {
      return Optional.of(
          new Obstacle(
              "slab caches are counted on Linux, and this is " + system,
              "run these tests on a Linux VM"));
    }
    if (!"64".equals(System.getProperty("sun.arch.data.model", "64"))) {
      return Optional.of(
          new Obstacle("this JVM is not a 64-bit one", "run these tests in a 64-bit JVM"));
    }
    return Native.OBSTACLE;
  }

  /** Asked once: a class that could not be initialized says why the first time only. */
  private static final class Native {

    static final Optional<Obstacle> OBSTACLE = obstacle();

    private static Optional<Obstacle> obstacle() {
      try {
        int ignored = Libc.geteuid();
        return Optional.empty();
      } catch (LinkageError e) {
        String why = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        return Optional.of(
            new Obstacle(
                "JNA cannot load its native library (" + why + ")",
                "let it unpack that where programs may run: -Djna.tmpdir=/var/tmp"));
      }
    }
  }

  private static String system() {
    return System.getProperty("os.name", "unknown");
  }

  private static KernelProfile unmeasurable(Obstacle obstacle) {
    String release =
        system().equals("Linux") ? System.getProperty("os.version", "unknown") : system();
    return new KernelProfile(
        release, Allocator.UNKNOWN, Grace.PAUSE, false, false, List.of(obstacle));
  }

  private static Allocator probeAllocator(List<Obstacle> obstacles) {
    int before = obstacles.size();
    probeReading(SLABINFO, obstacles);
    if (obstacles.size() > before) {
      return Allocator.UNKNOWN;
    }
    // Every kernel has this cache, and SLUB shows it under its name: SLUB merges no cache with a
    // usercopy region, as dentry has since 4.16 (mm/slab_common.c, slab_unmergeable), and without
    // CONFIG_HARDENED_USERCOPY the name is a link to whatever it was merged into.
    Path dentry = SLAB.resolve("dentry");
    if (!Files.exists(dentry)) {
      return Allocator.SLAB;
    }
    probeReading(dentry.resolve("objects"), obstacles);
    probeWriting(dentry.resolve("shrink"), obstacles);
    return Files.exists(dentry.resolve("cgroup"))
        ? Allocator.SLUB_WITH_CGROUP_CHILDREN
        : Allocator.SLUB;
  }

  private static Grace probeGrace(boolean barrier) {
    if (isExpedited()) {
      return Grace.PAUSE;
    }
    boolean several = Libc.sysconf(Libc.SC_NPROCESSORS_ONLN) > 1;
    long commands = Libc.membarrier(Libc.MEMBARRIER_QUERY);
    if (several && commands > 0 && (commands & Libc.MEMBARRIER_GLOBAL) != 0) {
      return Grace.MEMBARRIER;
    }
    return barrier ? Grace.RCU_BARRIER : Grace.PAUSE;
  }

  /** Whether the kernel was booted with rcupdate.rcu_expedited, or was told so since. */
  private static boolean isExpedited() {
    return isSet(RCU.resolve("rcu_expedited")) && !isSet(RCU.resolve("rcu_normal"));
  }

  /** A kernel without such a file (CONFIG_TINY_RCU) does not expedite either. */
  private static boolean isSet(Path file) {
    try {
      return !Files.readString(file, StandardCharsets.US_ASCII).strip().equals("0");
    } catch (IOException e) {
      return false;
    }
  }

  /** Looks at all caches: 6.18 gives sheaves to a few, later kernels to almost all. */
  private static boolean probeSheaves() {
    try (DirectoryStream<Path> caches = Files.newDirectoryStream(SLAB)) {
      for (Path cache : caches) {
        Path capacity = cache.resolve("sheaf_capacity");
        if (!Files.exists(capacity)) {
          return false; // Before 6.18 no cache has any.
        }
        if (!Files.readString(capacity, StandardCharsets.US_ASCII).strip().equals("0")) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      return true; // The extra shrink that this costs does no harm.
    }
  }

  private static void probeReading(Path file, List<Obstacle> obstacles) {
    try (KernelFile opened = KernelFile.openForReading(file, 64)) {
      opened.readOnce();
    } catch (KernelFileException e) {
      obstacles.add(obstacle(e));
    } catch (UncheckedIOException e) {
      obstacles.add(new Obstacle(String.valueOf(e.getCause()), remedy(0)));
    }
  }

  private static void probeWriting(Path file, List<Obstacle> obstacles) {
    refusalToWrite(file).ifPresent(e -> obstacles.add(obstacle(e)));
  }

  private static Optional<KernelFileException> refusalToWrite(Path file) {
    try {
      KernelFile.openForWriting(file).close();
      return Optional.empty();
    } catch (KernelFileException e) {
      return Optional.of(e);
    }
  }

  private static Obstacle obstacle(KernelFileException e) {
    return new Obstacle(String.valueOf(e.getMessage()), remedy(e.errno()));
  }

  public static String remedy(int errno) {
    if (errno == Libc.ENOENT) {
      return "boot a kernel built with SLUB, CONFIG_SLUB_DEBUG and CONFIG_SYSFS, as the stock kernels"
          + " of Debian, Ubuntu, RHEL and SUSE are";
    }
    if (Libc.geteuid() != 0) {
      return "run the build as root: sudo -E mvn verify";
    }
    return "this root has no rights over the host's kernel: run on a VM or, in a container,"
        + " with: docker run --privileged";
  }
}
