package io.github.noslableak.trace.alloc;

import io.github.noslableak.kernel.KernelFile;
import io.github.noslableak.kernel.KernelFileException;
import io.github.noslableak.kernel.MalformedKernelDataException;
import io.github.noslableak.kernel.Obstacle;
import io.github.noslableak.kernel.TraceFileSystem;
import io.github.noslableak.proc.ProcessScan;
import io.github.noslableak.proc.Tasks;
import io.github.noslableak.slab.SlabCache;
import io.github.noslableak.trace.EventReader;
import io.github.noslableak.trace.Frame;
import io.github.noslableak.trace.KernelSymbols;
import io.github.noslableak.trace.Marks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Records every allocation and every free of some slab caches from its opening to its closing, and
 * pairs them, so that it can say who allocated what still lives.
 *
 * <p>The events come from an instance of the kernel's tracing, which this opens for itself and
 * removes again. A thread reads them as they come. All that is here is thread-safe.
 */
public final class AllocationLedger implements AutoCloseable {

  /**
   * How a ledger is kept.
   *
   * @param stacks whether the kernel's stack is recorded with each allocation, which costs time;
   *     without, a group's stack is the one function that allocated
   * @param bufferKibPerCpu the size of the buffer of each processor between the kernel and the
   *     thread that reads, in KiB, from 64 to 1048576
   * @param keeps whether what the kernel made for it may be kept for the next ledger, which is
   *     faster; else nothing of it is left when it is closed
   */
  public record Options(boolean stacks, int bufferKibPerCpu, boolean keeps) {

    public Options {
      if (bufferKibPerCpu < 64 || bufferKibPerCpu > 1024 * 1024) {
        throw new IllegalArgumentException(
            "a trace buffer has 64 to 1048576 KiB for each processor, and not " + bufferKibPerCpu);
      }
    }
  }

  /** More than an event is away from what it tells of. */
  private static final long RECORDING_NANOS = 3_000;

  private static final AtomicBoolean REHEARSED = new AtomicBoolean();

  private final Recording recording;
  private final KernelSymbols symbols;
  private final Bookkeeper books;
  private final Marks marks = new Marks();
  private final EventReader reader;

  private AllocationLedger(
      Recording recording, KernelSymbols symbols, EventDecoder decoder, Bookkeeper books) {
    this.recording = recording;
    this.symbols = symbols;
    this.books = books;
    this.reader =
        new EventReader(
            "noslableak-ledger",
            recording.instance(),
            recording.layout(),
            decoder,
            marks,
            this::release);
  }

  private void release() {
    recording.close();
    symbols.close();
  }

  /** Returns why no ledger can be kept here, with the remedy; empty if one can. */
  public static Optional<Obstacle> obstacle() {
    if (Recording.isKept()) {
      return Optional.empty(); // It has been asked.
    }
    if (!System.getProperty("os.name", "").equals("Linux")) {
      return Optional.of(
          new Obstacle("allocations are recorded on Linux", "run these tests on a Linux VM"));
    }
    if (ProcessScan.isInPidNamespace()) {
      return Optional.of(
          new Obstacle(
              "this process has a PID namespace of its own, and the kernel records the numbers that"
                  + " processes have outside",
              "run the container with: docker run --privileged --pid=host"));
    }
    try {
      Path root = TraceFileSystem.root();
      if (!Files.isWritable(root.resolve("instances"))) {
        return Optional.of(
            new Obstacle(
                "cannot make a directory in " + root.resolve("instances"),
                "run the build as root: sudo -E mvn verify"));
      }
      EventFormats formats = EventFormats.of(root);
      if (formats.get(EventFormats.FREE).find("name").isEmpty()) {
        return Optional.of(
            new Obstacle(
                "this kernel's events do not name the slab cache", "use a kernel from 5.13 on"));
      }
      return Optional.empty();
    } catch (KernelFileException e) {
      return Optional.of(
          new Obstacle(
              String.valueOf(e.getMessage()),
              "run the build as root on a kernel with CONFIG_FTRACE, or mount it:"
                  + " mount -t tracefs tracefs /sys/kernel/tracing"));
    } catch (IOException | MalformedKernelDataException e) {
      return Optional.of(
          new Obstacle(
              "the kernel's tracing cannot be used (" + e.getMessage() + ")",
              "run the build as root on a kernel with CONFIG_FTRACE"));
    }
  }

  /**
   * Starts to record.
   *
   * @param caches the caches to watch, under all names that they share
   * @throws IOException if this kernel or these rights do not allow it; {@link #obstacle} tells
   *     beforehand
   * @throws MalformedKernelDataException if this kernel's events have an unknown form
   */
  public static AllocationLedger open(List<SlabCache> caches, Options options) throws IOException {
    rehearse(options.keeps());
    return openUnrehearsed(caches, options);
  }

  /**
   * Keeps a ledger once for nothing. What a JVM does for the first time loads classes, whose files
   * get dentries and would be found to live.
   */
  private static void rehearse(boolean keeps) throws IOException {
    if (REHEARSED.compareAndSet(false, true)) {
      SlabCache filp = new SlabCache("filp", List.of("filp"), List.of());
      try (AllocationLedger ledger = openUnrehearsed(List.of(filp), new Options(true, 64, keeps));
          KernelFile living = KernelFile.openForReading(Path.of("/proc/self/stat"), 1024)) {
        ledger.mark(1);
        living.readText();
        ledger.snapshot();
      }
    }
  }

  private static AllocationLedger openUnrehearsed(List<SlabCache> caches, Options options)
      throws IOException {
    Tasks tasks = new Tasks();
    KernelSymbols symbols = KernelSymbols.open();
    Recording recording;
    try {
      recording = Recording.of(caches, options.bufferKibPerCpu(), options.keeps());
    } catch (IOException | RuntimeException e) {
      symbols.close();
      throw e;
    }
    AllocationLedger ledger;
    try {
      EventFormats formats = recording.formats();
      WatchedCaches watched = recording.narrowed(caches);
      Allocators allocators =
          formats.allocationsNameTheirCache()
              ? Allocators.unknown()
              : Allocators.ofThisKernel(symbols);
      // Only caches of kmalloc hold any.
      SelfAllocations selfAllocations =
          watched.kmallocBytes().isEmpty()
              ? SelfAllocations.none()
              : SelfAllocations.ofThisKernel(symbols);
      Bookkeeper books =
          new Bookkeeper(
              watched,
              tasks,
              recording.instance().pipes().size(),
              allocators,
              selfAllocations,
              Backlog.ofThisKernel(symbols));
      ledger =
          new AllocationLedger(
              recording, symbols, new EventDecoder(formats, watched, tasks, books), books);
    } catch (RuntimeException e) {
      recording.close();
      symbols.close();
      throw e;
    }
    try {
      ledger.start(tasks, options.stacks());
    } catch (IOException | RuntimeException e) {
      ledger.close();
      throw e;
    }
    return ledger;
  }

  private void start(Tasks tasks, boolean stacks) throws IOException {
    reader.willStart();
    recording.startLineage();
    // First the births of tasks, then who lives already: so nobody is missed.
    ProcessScan.enter(tasks);
    reader.start();
    if (stacks) {
      recording.recordStacks();
    }
    recording.startEvents();
  }

  /**
   * Records the kernel's stack with each allocation from now on, as {@link Options#stacks} does
   * from the start. So what is only watched costs less than what is to be explained.
   *
   * @throws IllegalStateException if the ledger is closed
   * @throws java.io.UncheckedIOException if the kernel refuses
   */
  public void recordStacks() {
    reader.calmly(
        () -> {
          recording.recordStacks();
          return recording;
        });
  }

  /**
   * Does something that frees very much, such as to drop caches, with as little recorded of it as
   * is needed.
   */
  public void dropping(Runnable work) {
    recording.instance().withoutAllStacks(work);
  }

  /**
   * Everything that is allocated from now on belongs to this mark, which may be the number of an
   * iteration.
   *
   * @param iteration that of the mark before or more; or less than 0 for what belongs to none
   * @throws IllegalArgumentException if it is less than the mark before
   * @throws IllegalStateException if the ledger is closed
   */
  public void mark(int iteration) {
    reader.calmly(
        () -> {
          marks.set(System.nanoTime(), iteration);
          return iteration;
        });
  }

  /**
   * Reads all that was recorded until now and says what lives. Functions are told by their
   * addresses alone: to name them takes a pass through all of the kernel's symbols; see {@link
   * #named}.
   *
   * @throws IllegalStateException if the ledger is closed
   * @throws MalformedKernelDataException if what the kernel recorded has not the documented form
   * @throws java.io.UncheckedIOException if the kernel does not let it be read
   */
  public Snapshot snapshot() {
    return reader.ask(() -> books.snapshot(reader.lost()));
  }

  /**
   * Reads all that was recorded until now and says where what lives lies.
   *
   * @param caches the caches that matter, by name
   * @param matters which of their objects do
   * @throws IllegalStateException if the ledger is closed
   * @throws MalformedKernelDataException if what the kernel recorded has not the documented form
   * @throws java.io.UncheckedIOException if the kernel does not let it be read
   */
  public List<Living> living(Set<String> caches, Predicate<Living> matters) {
    return reader.ask(() -> books.living(caches, matters));
  }

  /**
   * What the ledger held of one cache while something else was read.
   *
   * @param objects by how many objects the cache grew since the ledger was opened
   * @param freedUnseen how many were freed since whose allocation it had not seen; those that were
   *     there before are among them
   * @param changed whether any came or went meanwhile
   */
  public record Held(long objects, long freedUnseen, boolean changed) {}

  /**
   * Reads the counters of the watched caches and says what the ledger held of each meanwhile.
   *
   * @param counters reads them in the order of the caches, and returns for each when that was begun
   *     and when it was over, by {@link System#nanoTime()}
   * @throws IllegalStateException if the ledger is closed
   * @throws MalformedKernelDataException if what the kernel recorded has not the documented form
   * @throws java.io.UncheckedIOException if the kernel does not let it be read
   */
  public List<Held> beside(Supplier<long[]> counters) {
    long[] before = new long[books.caches()];
    List<Held> held = new ArrayList<>();
    reader.beside(
        () -> around(counters.get()),
        at -> {
          int cache = at / 2;
          if (at % 2 == 0) {
            before[cache] = books.changes(cache);
          } else {
            held.add(
                new Held(
                    books.booked(cache),
                    books.freedUnseen(cache),
                    books.changes(cache) != before[cache]));
          }
        });
    return held;
  }

  /**
   * Says what lived when events were last read, in the order of the caches; see {@link #snapshot}.
   *
   * @throws IllegalStateException if the ledger is closed
   */
  public Snapshot latest() {
    return reader.calmly(() -> books.snapshot(reader.lost()));
  }

  /** An event is recorded just after the object was taken, or just before it is given back. */
  private static long[] around(long[] times) {
    long[] around = new long[times.length];
    for (int i = 0; i < times.length; i++) {
      around[i] = times[i] + (i % 2 == 0 ? -RECORDING_NANOS : RECORDING_NANOS);
    }
    return around;
  }

  /**
   * Finds the names of the functions of a snapshot of this ledger, so that {@link #named} need not.
   * Events are read meanwhile.
   *
   * @throws java.io.UncheckedIOException if the kernel's symbols cannot be read
   */
  public void findNames(Snapshot snapshot) {
    Map<Long, Frame> ignored = symbols.find(Summary.addresses(snapshot));
  }

  /**
   * Names the functions of a snapshot of this ledger.
   *
   * @throws IllegalStateException if the ledger is closed
   * @throws java.io.UncheckedIOException if the kernel's symbols cannot be read
   */
  public Snapshot named(Snapshot snapshot) {
    return reader.calmly(() -> Summary.named(snapshot, symbols::find));
  }

  /** Returns whether this kernel's allocations say from which cache they are: since 6.13. */
  public boolean namesCaches() {
    return recording.formats().allocationsNameTheirCache();
  }

  /** Stops recording. A second call does nothing. */
  @Override
  public void close() {
    reader.close();
  }
}
