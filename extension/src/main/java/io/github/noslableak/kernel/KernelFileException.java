package io.github.noslableak.kernel;

import java.io.IOException;
import java.nio.file.Path;

/** A file under /proc or /sys that the kernel would not open, read or write. */
public final class KernelFileException extends IOException {

  private static final long serialVersionUID = 1L;

  private final int errno;

  public KernelFileException(String verb, Path path, int errno) {
    super("cannot " + verb + " " + path + " (" + Libc.describe(errno) + ")");
    this.errno = errno;
  }

  /** Returns the error number of the failed call, as in errno(3). */
  public int errno() {
    return errno;
  }
}
