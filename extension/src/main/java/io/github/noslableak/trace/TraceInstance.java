package io.github.noslableak.trace;

import io.github.noslableak.kernel.KernelFile;
import io.github.noslableak.kernel.KernelFileException;
import io.github.noslableak.kernel.MalformedKernelDataException;
import io.github.noslableak.proc.ProcessId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A directory of our own under instances/ in tracefs: buffers and events apart from everyone
 * else's, gone when it is closed.
 *
 * <p>Its name tells the process and the time at which that started. When the process is killed, the
 * kernel stops recording and frees the buffers, because {@code free_buffer} was open; the directory
 * is removed by the next ledger on this machine.
 */
public final class TraceInstance implements AutoCloseable {

  private static final Pattern OURS = Pattern.compile("noslableak-(\\d+)-(\\d+)-\\d+");

  private static final Pattern LOSSES =
      Pattern.compile("(?m)^(?:overrun|commit overrun|dropped events): (\\d+)$");

  /** As much as one page of the ring buffer, or less: such a read takes a part of one. */
  private static final int PAGE_BYTES = 64 * 1024;

  /** TRACE_FLAG_HARDIRQ and TRACE_FLAG_SOFTIRQ, include/linux/trace_events.h, 6.1 to 7.3. */
  private static final String OF_INTERRUPTS = "(common_flags & 24)";

  private static final AtomicInteger COUNT = new AtomicInteger();

  private final Path root;
  private final Path directory;
  private final List<KernelFile> pipes = new ArrayList<>();
  private final List<KernelFile> stats = new ArrayList<>();
  private final List<KernelFile> switches = new ArrayList<>();
  private final List<KernelFile> stackOption = new ArrayList<>();
  private final List<KernelFile> others = new ArrayList<>();

  /** Guarded by this. */
  private boolean recordsAllStacks;

  /**
   * An event that is not recorded yet. Its files are open beforehand: looking them up later makes
   * dentries that would be found to live.
   *
   * @param enable its switch
   * @param trigger what takes {@code stacktrace}
   * @param filter what is recorded of it; empty for all
   */
  public record Event(KernelFile enable, KernelFile trigger, Optional<String> filter) {

    private void recordStack(Optional<String> condition) {
      trigger.write("stacktrace" + condition.map(when -> " if " + when).orElse(""));
    }

    /** An event takes one such trigger only. */
    private void forgetStack() {
      trigger.write("!stacktrace");
    }
  }

  private TraceInstance(Path root, Path directory) {
    this.root = root;
    this.directory = directory;
  }

  /** Makes an instance that records nothing yet. Removes those of dead processes. */
  public static TraceInstance create(Path root, int bufferKibPerCpu) throws IOException {
    Path instances = root.resolve("instances");
    removeStale(instances);
    Path directory = instances.resolve(uniqueName('-'));
    Files.createDirectory(directory);
    TraceInstance instance = new TraceInstance(root, directory);
    try {
      instance.prepare(bufferKibPerCpu);
    } catch (IOException | RuntimeException e) {
      instance.close();
      throw e;
    }
    return instance;
  }

  /** Returns a name that tells this process and its start, and that no other has. */
  public static String uniqueName(char separator) throws IOException {
    return String.join(
        String.valueOf(separator),
        "noslableak",
        ProcessId.ofThisJvm().joined(separator),
        Integer.toString(COUNT.incrementAndGet()));
  }

  private void prepare(int bufferKibPerCpu) throws IOException {
    write("tracing_on", "0");
    // System.nanoTime() reads the same clock, so a time of ours can be compared with an event's.
    write("trace_clock", "mono");
    write("buffer_size_kb", Integer.toString(bufferKibPerCpu));
    write("options/disable_on_free", "1");
    KernelFile ignored = open("free_buffer");
    stackOption.add(open("options/stacktrace"));
    switches.add(KernelFile.openForWriting(directory.resolve("tracing_on")));
    for (Path cpu : processors()) {
      pipes.add(KernelFile.openPipe(cpu.resolve("trace_pipe_raw")));
      stats.add(KernelFile.openForReading(cpu.resolve("stats"), 512));
    }
  }

  private List<Path> processors() throws IOException {
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(directory.resolve("per_cpu"), "cpu*")) {
      List<Path> processors = new ArrayList<>();
      entries.forEach(processors::add);
      processors.sort(Comparator.comparing(Path::toString));
      return processors;
    }
  }

  /** Switches off and removes instances whose process is gone. */
  public static void removeStale(Path instances) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(instances, "noslableak-*")) {
      for (Path entry : entries) {
        Matcher ours = OURS.matcher(entry.getFileName().toString());
        if (ours.matches() && !ProcessId.isAlive(ours.group(1), ours.group(2))) {
          remove(entry);
        }
      }
    }
  }

  /** Another process may read there, or remove it at the same moment: then the next one tries. */
  private static void remove(Path instance) {
    for (String file : List.of("tracing_on", "events/enable")) {
      try {
        Files.writeString(instance.resolve(file), "0");
      } catch (IOException e) {
        // Removing it switches it off as well.
      }
    }
    try {
      Files.deleteIfExists(instance);
    } catch (IOException e) {
      // See above.
    }
  }

  /**
   * Reads a file that all instances share, in large pieces: the header files have no second one.
   */
  private static String text(Path file) throws IOException {
    try (KernelFile opened = KernelFile.openForReading(file, 32 * 1024)) {
      return opened.readText();
    }
  }

  /** Returns the format of an event, if this kernel has it. */
  public static Optional<EventFormat> format(Path root, String event) throws IOException {
    Path file = root.resolve("events").resolve(event).resolve("format");
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    return Optional.of(EventFormat.parse(text(file)));
  }

  /** Returns the layout of the pages of its buffers. */
  public PageLayout layout() throws IOException {
    return PageLayout.parse(
        text(root.resolve("events/header_page")), text(root.resolve("events/header_event")));
  }

  /**
   * Prepares an event, which is off.
   *
   * @param filter what is recorded of it; empty for all
   */
  public Event prepare(String event, Optional<String> filter) throws IOException {
    return new Event(
        enable(event),
        open("events/" + event + "/trigger"),
        filter.filter(wanted -> acceptsFilter(event, wanted)));
  }

  /** Whether the kernel takes a filter. Without one more is recorded, and left out here. */
  private boolean acceptsFilter(String event, String filter) {
    try {
      write("events/" + event + "/filter", filter);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Records the kernel's stack with each event from now on, also with frees and new tasks. */
  public synchronized void recordAllStacks() {
    recordsAllStacks = true;
    stackOption.get(0).write("1");
  }

  private synchronized void recordNotAllStacks() {
    recordsAllStacks = false;
    stackOption.get(0).write("0");
  }

  /**
   * Does something that frees very much, such as to drop caches. Where stacks are recorded with
   * each event, they are not meanwhile: a hundred thousand frees with stacks are more than a buffer
   * holds, and tell nothing.
   */
  public void withoutAllStacks(Runnable work) {
    synchronized (this) {
      if (recordsAllStacks) {
        stackOption.get(0).write("0");
      }
    }
    try {
      work.run();
    } finally {
      synchronized (this) {
        if (recordsAllStacks) { // Triggers may have taken over.
          stackOption.get(0).write("1");
        }
      }
    }
  }

  /**
   * Records the kernel's stack with these events from now on, and with no others: measured, to
   * record it with each free and each new task too costs half as much again.
   */
  public void recordStacks(List<Event> events) {
    try {
      atOnce(
          events,
          event -> {
            event.forgetStack();
            event.recordStack(event.filter());
          });
    } catch (UncheckedIOException e) {
      recordAllStacks();
      return;
    }
    recordNotAllStacks();
  }

  /** Records no stacks with these events from now on but those of interrupts. */
  public void recordStacksOfInterrupts(List<Event> events) {
    recordNotAllStacks();
    atOnce(
        events,
        event -> {
          try {
            event.forgetStack();
            event.recordStack(
                Optional.of(
                    event
                        .filter()
                        .map(filter -> OF_INTERRUPTS + " && (" + filter + ")")
                        .orElse(OF_INTERRUPTS)));
          } catch (UncheckedIOException e) {
            // Then it is not known on whose account an interrupt came.
          }
        });
  }

  /**
   * Does something with all events side by side: to take a trigger back, the kernel waits until
   * nobody uses it any more, which takes a tenth of a second (6.18).
   */
  private static void atOnce(List<Event> events, Consumer<Event> action) {
    List<CompletableFuture<Void>> running =
        events.stream()
            .map(
                event ->
                    CompletableFuture.runAsync(() -> action.accept(event), Switching.executor()))
            .toList();
    try {
      running.forEach(CompletableFuture::join);
    } catch (CompletionException e) {
      throw e.getCause() instanceof UncheckedIOException refused ? refused : e;
    }
  }

  /** Takes out what was recorded and nobody read. Nothing may be recorded meanwhile. */
  public void drain() {
    ByteBuffer page = ByteBuffer.allocateDirect(PAGE_BYTES);
    for (KernelFile pipe : pipes) {
      while (pipe.readNext(page) > 0) {
        page.clear();
      }
    }
  }

  /** Returns a switch of an event that is off. */
  public KernelFile enable(String event) throws KernelFileException {
    return open("events/" + event + "/enable");
  }

  private KernelFile open(String file) throws KernelFileException {
    KernelFile opened = KernelFile.openForWriting(directory.resolve(file));
    others.add(opened);
    return opened;
  }

  /** Starts to record the events that are switched on. */
  public void start() {
    switches.forEach(file -> file.write("1"));
  }

  /** Stops recording. What was recorded can still be read. */
  public void stop() {
    switches.forEach(file -> file.write("0"));
  }

  /** Returns a pipe for each processor. */
  public List<KernelFile> pipes() {
    return pipes;
  }

  /** Returns how many events were lost because a buffer was full. */
  long lost() {
    return stats.stream().mapToLong(file -> lost(file.readText())).sum();
  }

  /**
   * Sums the losses in a file {@code stats} of one processor.
   *
   * <pre>{@code
   * entries: 129
   * overrun: 0
   * commit overrun: 0
   * bytes: 5256
   * dropped events: 0
   * }</pre>
   */
  static long lost(String stats) {
    Matcher losses = LOSSES.matcher(stats);
    long sum = 0;
    int found = 0;
    while (losses.find()) {
      sum += Long.parseLong(losses.group(1));
      found++;
    }
    if (found == 0) {
      throw new MalformedKernelDataException("the trace buffer's stats say: " + stats);
    }
    return sum;
  }

  private void write(String file, String value) throws IOException {
    Files.writeString(directory.resolve(file), value, StandardCharsets.US_ASCII);
  }

  @Override
  public void close() {
    try {
      stop();
    } catch (UncheckedIOException e) {
      // Removing it stops it as well.
    }
    for (List<KernelFile> files : List.of(others, switches, pipes, stats)) {
      files.forEach(KernelFile::close);
      files.clear();
    }
    remove(directory);
  }
}
