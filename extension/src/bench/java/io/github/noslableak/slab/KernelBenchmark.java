package io.github.noslableak.slab;

import io.github.noslableak.SlabGuard;
import io.github.noslableak.kernel.KernelFile;
import io.github.noslableak.kernel.KernelFileException;
import io.github.noslableak.kernel.KernelProfile;
import io.github.noslableak.kernel.Libc;
import io.github.noslableak.kernel.Pause;
import io.github.noslableak.kernel.Writeback;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a clean test's bracket costs, beside the bare system calls that it consists of, and what
 * parsing slabinfo costs, beside reading it. Each pair runs in the same run, for the machine's
 * speed drifts.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
public class KernelBenchmark {

  /** Rounds of a baseline that settles at once, and of a clean test's end; see Quiescer. */
  private static final int ROUNDS_BEFORE = 4;

  private static final int ROUNDS_AFTER = 1;

  private SlabGuard guard = SlabGuard.watching();
  private List<KernelFile> shrink = List.of();
  private List<KernelFile> objects = List.of();
  private KernelFile drop = open("/proc/sys/vm/drop_caches", true);
  private KernelFile pressure = open("/proc/sys/vm/vfs_cache_pressure", true);
  private KernelFile barrier = open("/sys/module/rcutree/parameters/do_rcu_barrier", true);
  private KernelProfile.Grace grace = Kernel.current().profile().grace();
  private KernelFile slabinfo = open("/proc/slabinfo", false);

  private static KernelFile open(String path, boolean writing) {
    try {
      java.nio.file.Path file = java.nio.file.Path.of(path);
      return writing ? KernelFile.openForWriting(file) : KernelFile.openForReading(file, 64 * 1024);
    } catch (KernelFileException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Setup(Level.Trial)
  public void open() {
    List<String> directories =
        Kernel.current().select(List.of("@io")).watched().stream()
            .flatMap(cache -> cache.directories().stream())
            .toList();
    shrink =
        directories.stream().map(d -> open("/sys/kernel/slab/" + d + "/shrink", true)).toList();
    objects =
        directories.stream().map(d -> open("/sys/kernel/slab/" + d + "/objects", false)).toList();
  }

  @TearDown(Level.Trial)
  public void close() {
    shrink.forEach(KernelFile::close);
    objects.forEach(KernelFile::close);
    drop.close();
    pressure.close();
    barrier.close();
    slabinfo.close();
  }

  /** The product: lock, census, baseline, end, around an empty body. */
  @Benchmark
  public void bracket() {
    guard.check(() -> {});
  }

  /**
   * The least possible where counters alone decide: the same system calls on open descriptors, with
   * the same wait until what was dropped is freed, and nothing else.
   */
  @Benchmark
  public long bareSystemCalls() {
    long sum = 0;
    for (int part = 0; part < 2; part++) {
      Writeback.await();
      for (int round = 0; round < (part == 0 ? ROUNDS_BEFORE : ROUNDS_AFTER); round++) {
        pressure.write("1000");
        drop.write("3");
        for (int pass = 1; pass < 5; pass++) {
          drop.write("2");
        }
        pressure.write("100");
        sum += waitForGracePeriod();
        shrink.forEach(file -> file.write("1"));
        for (KernelFile file : objects) {
          sum += file.readOnce().get(0);
        }
      }
    }
    return sum;
  }

  /** As the product waits on this kernel; see {@link KernelProfile.Grace}. */
  private long waitForGracePeriod() {
    return switch (grace) {
      case MEMBARRIER -> Libc.membarrier(Libc.MEMBARRIER_GLOBAL);
      case RCU_BARRIER -> {
        barrier.write("1");
        yield 0;
      }
      case PAUSE -> {
        Pause.of(TimeUnit.MILLISECONDS.toNanos(20));
        yield 0;
      }
    };
  }

  @Benchmark
  public int readSlabinfo() {
    return slabinfo.read().limit();
  }

  @Benchmark
  public SlabInfo readAndParseSlabinfo() {
    return SlabInfo.parse(slabinfo.read());
  }
}
