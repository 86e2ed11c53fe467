package io.github.noslableak.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** A number under /proc/sys that is open to be read and written. */
public final class Sysctl implements AutoCloseable {

  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

  private final Path path;
  private final KernelFile reading;
  private final KernelFile writing;

  private Sysctl(Path path, KernelFile reading, KernelFile writing) {
    this.path = path;
    this.reading = reading;
    this.writing = writing;
  }

  /**
   * Opens it.
   *
   * @throws KernelFileException if it is not there, or these rights do not allow it
   */
  public static Sysctl open(Path path) throws KernelFileException {
    KernelFile reading = KernelFile.openForReading(path, 64);
    try {
      return new Sysctl(path, reading, KernelFile.openForWriting(path));
    } catch (KernelFileException e) {
      reading.close();
      throw e;
    }
  }

  /** Returns whether it may hold this. */
  public static boolean isNumber(String value) {
    return NUMBER.matcher(value).matches();
  }

  /**
   * Reads it in one call. Java's own readers ask for one byte first where a file says that it is
   * empty, and a sysctl gives that one digit and then no more: 1 for 100.
   *
   * @throws UncheckedIOException if the kernel refuses, or it holds no number
   */
  public String read() {
    String value = StandardCharsets.US_ASCII.decode(reading.readOnce()).toString().strip();
    if (!isNumber(value)) {
      throw new UncheckedIOException(
          new IOException(path + " holds \"" + value + "\", which is no number"));
    }
    return value;
  }

  /**
   * Writes it.
   *
   * @throws UncheckedIOException if the kernel refuses
   */
  public void write(String value) {
    writing.write(value);
  }

  @Override
  public void close() {
    writing.close();
    reading.close();
  }
}
