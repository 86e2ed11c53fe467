package io.github.noslableak.kernel;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the files of the kernel's tracing are: the usual place, or, where nobody has mounted it, a
 * mount that only this process reaches and that ends with it.
 */
public final class TraceFileSystem {

  private static final Path USUAL = Path.of("/sys/kernel/tracing");

  private static @Nullable Path detached;

  private TraceFileSystem() {}

  /**
   * Returns the root of tracefs.
   *
   * @throws KernelFileException if it is not mounted and cannot be
   */
  public static synchronized Path root() throws KernelFileException {
    if (Files.exists(USUAL.resolve("instances"))) {
      return USUAL;
    }
    if (detached == null) {
      int descriptor = Libc.mountDetached("tracefs");
      if (descriptor < 0) {
        throw new KernelFileException("mount", Path.of("tracefs"), Libc.lastError());
      }
      detached = Path.of("/proc/self/fd/" + descriptor);
    }
    return detached;
  }
}
