package io.github.noslableak.bench;

import io.github.noslableak.slab.Kernel;
import io.github.noslableak.slab.SlabCache;
import io.github.noslableak.testkit.Child;
import io.github.noslableak.trace.alloc.AllocationLedger;
import io.github.noslableak.trace.alloc.Snapshot;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What following allocations costs the code that is followed. Prints Markdown.
 *
 * <p>A cycle writes and deletes a file and opens, binds and closes a socket. Cycles are timed
 * untraced and under each way of following the same caches, by turns, and each round's times are
 * compared with that round's untraced one. A ledger's time ends when it has said what lives.
 */
public final class LedgerCost {

  private static final int WARM_UP_CYCLES = 5_000;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private static final long MEBIBYTE = 1024L * 1024;

  /** A way of following allocations. */
  private enum Way {
    UNTRACED("untraced", false),
    LEDGER("ledger without stacks", false),
    LEDGER_STACKS("ledger with stacks", true),
    BPFTRACE("bpftrace without stacks", false),
    BPFTRACE_STACKS("bpftrace with stacks", true);

    private final String text;
    private final boolean stacks;

    Way(String text, boolean stacks) {
      this.text = text;
      this.stacks = stacks;
    }

    boolean isBpftrace() {
      return this == BPFTRACE || this == BPFTRACE_STACKS;
    }
  }

  /**
   * What a round took.
   *
   * @param cpuMillis of the thread that ran the cycles, which others' work on this machine disturbs
   *     less
   */
  private record Time(double millis, double cpuMillis) {}

  /** When a round began. */
  private record Start(long nanos, long cpuNanos) {

    static Start now() {
      return new Start(System.nanoTime(), THREADS.getCurrentThreadCpuTime());
    }

    Time elapsed() {
      return new Time(
          (System.nanoTime() - nanos) / 1e6, (THREADS.getCurrentThreadCpuTime() - cpuNanos) / 1e6);
    }
  }

  /** What one way took and lost in all rounds. */
  private static final class Row {
    private final List<Double> millis = new ArrayList<>();
    private final List<Double> ratios = new ArrayList<>();
    private final List<Double> cpuMillis = new ArrayList<>();
    private final List<Double> cpuRatios = new ArrayList<>();
    private final List<Double> readerMillis = new ArrayList<>();
    private final List<Double> closing = new ArrayList<>();
    private long events;
    private long lost;
    private long peakHeap;
  }

  private final List<SlabCache> caches =
      Kernel.current()
          .select(List.of("dentry", "filp", "sock_inode_cache", "ext4_inode_cache"))
          .watched();
  private final Path dir = Files.createTempDirectory("noslableak-cost");
  private final int cycles;
  private final int bufferKib;

  private LedgerCost(int cycles, int bufferKib) throws IOException {
    this.cycles = cycles;
    this.bufferKib = bufferKib;
  }

  /**
   * Measures.
   *
   * @param arguments cycles in a round, rounds, KiB of the buffer of each processor
   */
  @SuppressWarnings("SystemOut") // The table is what this program is for.
  public static void main(String[] arguments) throws Exception {
    int rounds = Integer.parseInt(arguments[1]);
    LedgerCost cost =
        new LedgerCost(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[2]));
    System.out.printf(
        Locale.ROOT,
        "%s, Linux %s, %d processors, Java %s, heap of at most %d MiB%n"
            + "%,d cycles of a file and a socket, %d rounds, %s KiB of buffer for each processor%n"
            + "%s%n%n",
        LocalDate.now(ZoneId.systemDefault()),
        System.getProperty("os.version"),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("java.version"),
        Runtime.getRuntime().maxMemory() / MEBIBYTE,
        cost.cycles,
        rounds,
        arguments[2],
        cost.caches.stream().map(SlabCache::name).collect(Collectors.joining(", ")));
    Map<Way, Row> rows = cost.measure(rounds);
    System.out.println(
        "| | ms, median | times untraced, median | range | the thread's CPU, ms | times untraced |"
            + " the reader's CPU, ms | ms to close | events a round | lost | peak heap, MiB |");
    System.out.println("|---|---:|---:|---|---:|---:|---:|---:|---:|---:|---:|");
    rows.forEach((way, row) -> print(way, row, rounds));
    Files.delete(cost.dir);
  }

  @SuppressWarnings("SystemOut")
  private static void print(Way way, Row row, int rounds) {
    boolean ledger = way == Way.LEDGER || way == Way.LEDGER_STACKS;
    System.out.printf(
        Locale.ROOT,
        "| %s | %,.0f | %.2f | %.2f–%.2f | %,.0f | %.2f | %s | %s | %s | %s | %s |%n",
        way.text,
        median(row.millis),
        median(row.ratios),
        Collections.min(row.ratios),
        Collections.max(row.ratios),
        median(row.cpuMillis),
        median(row.cpuRatios),
        ledger ? String.format(Locale.ROOT, "%.0f", median(row.readerMillis)) : "",
        ledger ? String.format(Locale.ROOT, "%.0f", median(row.closing)) : "",
        ledger ? String.format(Locale.ROOT, "%,d", row.events / rounds) : "",
        ledger ? row.lost : way.isBpftrace() ? "not told" : "",
        way.isBpftrace() ? "" : row.peakHeap / MEBIBYTE);
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  private Map<Way, Row> measure(int rounds) throws Exception {
    Map<Way, Row> rows = new EnumMap<>(Way.class);
    List<Way> ways =
        Arrays.stream(Way.values()).filter(way -> !way.isBpftrace() || hasBpftrace()).toList();
    ways.forEach(way -> rows.put(way, new Row()));
    run(WARM_UP_CYCLES);
    for (Way way : List.of(Way.LEDGER, Way.LEDGER_STACKS)) {
      Time ignored = time(way, new Row(), WARM_UP_CYCLES);
    }
    for (int round = 0; round < rounds; round++) {
      Map<Way, Time> times = new EnumMap<>(Way.class);
      List<Way> turns = new ArrayList<>(ways);
      Collections.rotate(turns, round);
      for (Way way : turns) {
        times.put(way, time(way, row(rows, way), cycles));
      }
      Time untraced = times.getOrDefault(Way.UNTRACED, new Time(Double.NaN, Double.NaN));
      times.forEach(
          (way, time) -> {
            row(rows, way).millis.add(time.millis);
            row(rows, way).ratios.add(time.millis / untraced.millis);
            row(rows, way).cpuMillis.add(time.cpuMillis);
            row(rows, way).cpuRatios.add(time.cpuMillis / untraced.cpuMillis);
          });
    }
    return rows;
  }

  private static Row row(Map<Way, Row> rows, Way way) {
    return rows.computeIfAbsent(way, added -> new Row());
  }

  private Time time(Way way, Row row, int count) throws Exception {
    System.gc();
    resetPeaks();
    Time time =
        switch (way) {
          case UNTRACED -> timed(count);
          case LEDGER, LEDGER_STACKS -> underLedger(way, row, count);
          case BPFTRACE, BPFTRACE_STACKS -> underBpftrace(way, count);
        };
    row.peakHeap = Math.max(row.peakHeap, peak());
    return time;
  }

  private Time timed(int count) throws IOException {
    Start start = Start.now();
    run(count);
    return start.elapsed();
  }

  private Time underLedger(Way way, Row row, int count) throws IOException {
    Time time;
    long closing;
    try (AllocationLedger ledger =
        AllocationLedger.open(caches, new AllocationLedger.Options(way.stacks, bufferKib, true))) {
      Start start = Start.now();
      run(count);
      Snapshot snapshot = ledger.snapshot();
      time = start.elapsed();
      row.events += snapshot.events();
      row.lost += snapshot.lostEvents();
      row.readerMillis.add(readerMillis());
      closing = System.nanoTime();
    }
    row.closing.add((System.nanoTime() - closing) / 1e6);
    return time;
  }

  private static double readerMillis() {
    double millis = 0;
    for (ThreadInfo thread : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
      if (thread != null && thread.getThreadName().equals("noslableak-ledger")) {
        millis += Math.max(0, THREADS.getThreadCpuTime(thread.getThreadId())) / 1e6;
      }
    }
    return millis;
  }

  private Time underBpftrace(Way way, int count) throws Exception {
    // It wants the tracing file system in its usual place, which not every machine mounts.
    String start =
        "[ -e /sys/kernel/tracing/events ] || mount -t tracefs tracefs /sys/kernel/tracing;"
            + " exec bpftrace -e \"$0\"";
    ProcessBuilder builder =
        new ProcessBuilder("unshare", "--mount", "sh", "-c", start, program(way));
    builder.environment().put("BPFTRACE_MAP_KEYS_MAX", "200000");
    try (Child bpftrace = Child.start(builder)) {
      bpftrace.awaitLine("ready");
      Time time = timed(count);
      bpftrace.terminate();
      return time;
    }
  }

  private String program(Way way) {
    String watched =
        caches.stream()
            .flatMap(cache -> new TreeSet<>(cache.directories()).stream())
            .filter(name -> !name.startsWith(":"))
            .map(name -> "str(args->name) == \"" + name + "\"")
            .collect(Collectors.joining(" || "));
    String value = way.stacks ? "kstack" : "args->call_site";
    return """
        BEGIN { printf("ready\\n"); }
        tracepoint:kmem:kmem_cache_alloc /%1$s/ { @live[(uint64)args->ptr] = %2$s; }
        tracepoint:kmem:kmem_cache_free /%1$s/ { delete(@live[(uint64)args->ptr]); }
        END { clear(@live); }
        """
        .formatted(watched, value);
  }

  private static boolean hasBpftrace() {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":", -1))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, "bpftrace")));
  }

  private void run(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      Files.delete(Files.writeString(dir.resolve("file-" + i), "content"));
      try (ServerSocket socket = new ServerSocket()) {
        socket.bind(new InetSocketAddress("127.0.0.1", 0));
      }
    }
  }

  private static List<MemoryPoolMXBean> pools() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .toList();
  }

  private static void resetPeaks() {
    pools().forEach(MemoryPoolMXBean::resetPeakUsage);
  }

  /** Returns the most that was used of the heap, garbage included, in bytes. */
  private static long peak() {
    return pools().stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
  }
}
