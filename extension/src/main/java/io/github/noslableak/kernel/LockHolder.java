package io.github.noslableak.kernel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who holds the lock of this machine, as its file tells those who wait.
 *
 * <pre>{@code
 * 4711 2026-11-25T12:00:01Z RelayTests.copies
 * }</pre>
 *
 * @param name what is measured
 */
record LockHolder(long processId, Instant since, String name) {

  private static final Pattern LINE = Pattern.compile("(\\d{1,18}) (\\S+) (.+)");

  private static final int LONGEST = 1024;

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

  static LockHolder now(Measurer measurer) {
    return new LockHolder(
        ProcessHandle.current().pid(),
        Instant.now().truncatedTo(ChronoUnit.SECONDS),
        measurer.name().replaceAll("\\s+", " "));
  }

  void write(FileChannel file) throws IOException {
    file.truncate(0);
    byte[] line = (processId + " " + since + " " + name).getBytes(StandardCharsets.UTF_8);
    file.write(ByteBuffer.wrap(line, 0, Math.min(line.length, LONGEST)), 0);
  }

  /** Reads who holds it; nothing where another version wrote the file, or is about to. */
  static Optional<LockHolder> read(FileChannel file) throws IOException {
    ByteBuffer content = ByteBuffer.allocate(LONGEST);
    file.read(content, 0);
    return parse(new String(content.array(), 0, content.position(), StandardCharsets.UTF_8));
  }

  static Optional<LockHolder> parse(String content) {
    Matcher line = LINE.matcher(content.strip());
    try {
      return line.matches()
          ? Optional.of(
              new LockHolder(
                  Long.parseLong(line.group(1)), Instant.parse(line.group(2)), line.group(3)))
          : Optional.empty();
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  boolean isAnotherProcess() {
    return processId != ProcessHandle.current().pid();
  }

  /** Says who it is and what keeps it, for whoever watches the build wait on the same machine. */
  String described(ZoneId zone) {
    return name
        + " of process "
        + processId
        + ", which has measured since "
        + TIME.format(since.atZone(zone))
        + LockQueue.state(processId).map(this::state).orElse("");
  }

  /** Says what the kernel's letter for a process's state means, where that keeps it for long. */
  private String state(char letter) {
    return switch (letter) {
      case 'T' -> " and is stopped (kill -CONT " + processId + ")";
      case 't' -> " and is stopped by a debugger";
      case 'D' -> " and is stuck in the kernel (cat /proc/" + processId + "/stack)";
      default -> "";
    };
  }
}
