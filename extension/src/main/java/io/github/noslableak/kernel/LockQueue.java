package io.github.noslableak.kernel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Those of all JVMs who wait for the lock of this machine, in the order in which they came: a lock
 * on a file is taken by whoever asks at the right moment, and so a JVM with test after test could
 * starve another.
 *
 * <p>Each has a line in a file. Nothing else tells that it waits, no file or descriptor of its own,
 * for that would be growth to the one who measures. A line counts as long as its process is there
 * and runs.
 */
final class LockQueue {

  /** The line of one who waits: its process, when that was started, and its thread. */
  private record Waiter(long processId, long startTicks, long thread) {

    static Optional<Waiter> parse(String line) {
      String[] fields = line.split(" ", -1);
      try {
        return Optional.of(
            new Waiter(
                Long.parseLong(fields[0]), Long.parseLong(fields[1]), Long.parseLong(fields[2])));
      } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
        return Optional.empty();
      }
    }

    String line() {
      return processId + " " + startTicks + " " + thread + "\n";
    }

    /** Returns whether its process has ended; its number may be another's by now. */
    boolean isGone() {
      return LockQueue.stat(processId).filter(stat -> stat.startTicks() == startTicks).isEmpty();
    }

    /** Returns whether its process was stopped, as by Ctrl+Z, and so takes no turn. */
    boolean isStopped() {
      return LockQueue.stat(processId).filter(stat -> stat.state() == 'T').isPresent();
    }
  }

  private record Stat(char state, long startTicks) {}

  private static final int LONGEST = 64 * 1024;

  /** Editing takes microseconds, so whoever takes longer was stopped in the midst of it. */
  private static final Duration LONGEST_EDIT = Duration.ofSeconds(1);

  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  private final Path file;
  private final Waiter self;
  private boolean entered;
  private boolean first;
  private long lookedAt = System.nanoTime() - 2 * LOOK_EVERY.toNanos();

  private LockQueue(Path file, Waiter self) {
    this.file = file;
    this.self = self;
  }

  /** Makes that of the current thread, which does not wait yet. */
  static LockQueue of(Path file) throws IOException {
    long processId = ProcessHandle.current().pid();
    long startTicks =
        stat(processId)
            .orElseThrow(() -> new IOException("cannot read /proc/self/stat"))
            .startTicks;
    return new LockQueue(file, new Waiter(processId, startTicks, Thread.currentThread().getId()));
  }

  /** Joins the queue at its end; a second call does nothing. */
  void enter() throws IOException {
    if (!entered) {
      edit(true, false);
      entered = true;
    }
  }

  /** Leaves the queue, if this has joined it. */
  void leave() throws IOException {
    if (entered) {
      edit(false, true);
      entered = false;
    }
  }

  /** Returns how many came before and still wait. Who is once first stays first. */
  int ahead() throws IOException {
    if (first) {
      return 0;
    }
    int ahead = edit(entered, false);
    first = entered && ahead == 0;
    return ahead;
  }

  private int edit(boolean wait, boolean leave) throws IOException {
    try (FileChannel channel = MachineLock.openOwn(file)) {
      lock(channel);
      List<Waiter> found = read(channel);
      List<Waiter> all = new ArrayList<>(found);
      // Seldom: each look makes names in /proc, which are growth to the one who measures.
      boolean looks = !all.isEmpty() && System.nanoTime() - lookedAt > LOOK_EVERY.toNanos();
      if (looks) {
        all.removeIf(waiter -> !waiter.equals(self) && waiter.isGone());
        lookedAt = System.nanoTime();
      }
      if (leave) {
        all.remove(self);
      } else if (wait && !all.contains(self)) {
        all.add(self);
      }
      if (!all.equals(found)) {
        write(channel, all);
      }
      int end = all.contains(self) ? all.indexOf(self) : all.size();
      return (int)
          all.subList(0, end).stream().filter(waiter -> !looks || !waiter.isStopped()).count();
    }
  }

  private static void lock(FileChannel channel) throws IOException {
    long end = System.nanoTime() + LONGEST_EDIT.toNanos();
    while (System.nanoTime() < end) {
      try {
        if (channel.tryLock() != null) {
          return;
        }
      } catch (OverlappingFileLockException e) {
        // Another class loader of this JVM edits it.
      }
      Pause.of(Duration.ofMillis(1).toNanos());
    }
  }

  private static List<Waiter> read(FileChannel channel) throws IOException {
    ByteBuffer content = ByteBuffer.allocate((int) Math.min(channel.size(), LONGEST));
    channel.read(content, 0);
    return new String(content.array(), 0, content.position(), StandardCharsets.US_ASCII)
        .lines()
        .map(Waiter::parse)
        .flatMap(Optional::stream)
        .toList();
  }

  private static void write(FileChannel channel, List<Waiter> all) throws IOException {
    StringBuilder lines = new StringBuilder();
    all.forEach(waiter -> lines.append(waiter.line()));
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(lines.toString().getBytes(StandardCharsets.US_ASCII)), 0);
  }

  /** Returns the letter of a process's state, if it is there. */
  static Optional<Character> state(long processId) {
    return stat(processId).map(Stat::state);
  }

  /** Reads /proc/PID/stat (proc(5)): after the name in parentheses the state, and field 22. */
  private static Optional<Stat> stat(long processId) {
    try {
      String stat =
          Files.readString(
              Path.of("/proc", Long.toString(processId), "stat"), StandardCharsets.ISO_8859_1);
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return Optional.of(new Stat(fields[0].charAt(0), Long.parseLong(fields[19])));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
