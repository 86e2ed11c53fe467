package io.github.noslableak.mount;

import io.github.noslableak.kernel.KernelFileException;
import io.github.noslableak.kernel.KernelProfile;
import io.github.noslableak.kernel.Libc;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A block device over an ext4 image in memory. Device and image go with their last user: the mount
 * of it or, before there is one, this process.
 */
final class LoopDevice implements AutoCloseable {

  private static final Path CONTROL = Path.of("/dev/loop-control");

  /** Numbers of linux/loop.h, the same on every processor; LOOP_CONFIGURE since Linux 5.8. */
  private static final long LOOP_CTL_GET_FREE = 0x4C82;

  private static final long LOOP_CONFIGURE = 0x4C0A;

  /** In struct loop_config: fd at its start, info.lo_flags here, and all of it. */
  private static final int FLAGS_OFFSET = 8 + 52;

  private static final int CONFIG_BYTES = 304;

  private static final int LO_FLAGS_AUTOCLEAR = 4;

  /** Another process may take the free device between the question and the answer. */
  private static final int ATTEMPTS = 10;

  private final Path path;
  private final int descriptor;

  private LoopDevice(Path path, int descriptor) {
    this.path = path;
    this.descriptor = descriptor;
  }

  /**
   * Makes an image of so many bytes with an empty ext4 in it, and a device over it.
   *
   * @throws IOException if mke2fs(8) is not installed or fails, or there is no loop device
   */
  static LoopDevice withExt4(long bytes) throws IOException {
    // On a tmpfs that no path leads to, the image ends with the device and needs no cleaning up.
    int root = Libc.mountDetached("tmpfs");
    if (root < 0) {
      throw new KernelFileException("mount", Path.of("tmpfs"), Libc.lastError());
    }
    try {
      // By number and not as "self": mke2fs is another process.
      Path image =
          KernelProfile.PROC.resolve(ProcessHandle.current().pid() + "/fd/" + root + "/image");
      try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
        file.setLength(bytes);
      }
      format(image);
      int opened = open(image);
      try {
        return over(opened);
      } finally {
        close(opened);
      }
    } finally {
      close(root);
    }
  }

  /** Without lazy initialisation, which a kernel thread would go on with during the test. */
  private static void format(Path image) throws IOException {
    Process mke2fs;
    try {
      mke2fs =
          new ProcessBuilder(
                  "mke2fs",
                  "-q",
                  "-F",
                  "-t",
                  "ext4",
                  "-m",
                  "0",
                  "-E",
                  "lazy_itable_init=0,lazy_journal_init=0",
                  image.toString())
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      throw new IOException("an ext4 image needs mke2fs, of the package e2fsprogs: " + e, e);
    }
    mke2fs.getOutputStream().close();
    String output = new String(mke2fs.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = mke2fs.onExit().join().exitValue();
    if (status != 0) {
      throw new IOException("mke2fs ended with status " + status + ": " + output.strip());
    }
  }

  private static LoopDevice over(int image) throws IOException {
    int control = open(CONTROL);
    try {
      for (int attempt = 1; ; attempt++) {
        int number = Libc.ioctl(control, LOOP_CTL_GET_FREE, 0);
        if (number < 0) {
          throw new KernelFileException("get a loop device from", CONTROL, Libc.lastError());
        }
        Path path = Path.of("/dev/loop" + number);
        int device = open(path);
        if (Libc.ioctl(device, LOOP_CONFIGURE, configuration(image)) == 0) {
          return new LoopDevice(path, device);
        }
        int error = Libc.lastError();
        close(device);
        if (error != Libc.EBUSY || attempt == ATTEMPTS) {
          throw new KernelFileException("set up", path, error);
        }
      }
    } finally {
      close(control);
    }
  }

  private static ByteBuffer configuration(int image) {
    return ByteBuffer.allocateDirect(CONFIG_BYTES)
        .order(ByteOrder.nativeOrder())
        .putInt(0, image)
        .putInt(FLAGS_OFFSET, LO_FLAGS_AUTOCLEAR);
  }

  private static int open(Path path) throws KernelFileException {
    int descriptor = Libc.open(path.toString(), Libc.O_RDWR | Libc.O_CLOEXEC, 0);
    if (descriptor < 0) {
      throw new KernelFileException("open", path, Libc.lastError());
    }
    return descriptor;
  }

  private static void close(int descriptor) {
    int ignored = Libc.close(descriptor);
  }

  Path path() {
    return path;
  }

  /** Leaves the device to whoever has mounted it; where nobody has, it ends here. */
  @Override
  public void close() {
    close(descriptor);
  }
}
