package io.github.noslableak.kernel;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The few C library calls that Java has no equivalent for.
 *
 * <p>Descriptors are read here and not through {@link java.nio.channels.FileChannel}: an
 * interrupted thread would close the channel, and a test's timeout must not take the counters away.
 *
 * <p>Sizes and offsets are declared as Java {@code long}, which is right on 64-bit Linux only;
 * {@link KernelProfile} refuses anything else.
 */
public final class Libc {

  static final int O_RDONLY = 0;
  static final int O_WRONLY = 1;
  public static final int O_RDWR = 2;
  public static final int O_CLOEXEC = 0x80000;

  /** 04000 on every processor that is supported here (asm-generic/fcntl.h). */
  static final int O_NONBLOCK = 0x800;

  /**
   * Only refers to a name: needs no right to read it. The same number on every 64-bit processor.
   */
  static final int O_PATH = 0x200000;

  public static final int ENOENT = 2;
  static final int EINTR = 4;
  static final int EAGAIN = 11;
  static final int EACCES = 13;
  public static final int EBUSY = 16;
  static final int ENODEV = 19;
  public static final int EINVAL = 22;
  static final int EROFS = 30;

  /**
   * Flags of mount(2), from linux/mount.h: no set-user-id bits, no device files, own propagation.
   */
  public static final long MS_NOSUID = 2;

  public static final long MS_NODEV = 4;
  public static final long MS_PRIVATE = 1 << 18;

  /** Flags of umount2(2), from linux/fs.h: out of sight now, gone with its last user; no links. */
  public static final int MNT_DETACH = 2;

  public static final int UMOUNT_NOFOLLOW = 8;

  /** sysconf(3) name of the number of processors online, from glibc's and musl's headers. */
  static final int SC_NPROCESSORS_ONLN = 84;

  /** {@code MEMBARRIER_CMD_QUERY} and {@code MEMBARRIER_CMD_GLOBAL} of linux/membarrier.h. */
  static final int MEMBARRIER_QUERY = 0;

  public static final int MEMBARRIER_GLOBAL = 1;

  static {
    Native.register(Libc.class, Platform.C_LIBRARY_NAME);
  }

  private Libc() {}

  public static native int open(String path, int flags, int mode);

  static native long read(int descriptor, ByteBuffer buffer, long count);

  static native long pread(int descriptor, ByteBuffer buffer, long count, long offset);

  static native long pwrite(int descriptor, ByteBuffer buffer, long count, long offset);

  public static native int close(int descriptor);

  static native void sync();

  static native int syncfs(int descriptor);

  static native int geteuid();

  public static native int unshare(int flags);

  public static native int mount(
      @Nullable String source,
      String target,
      @Nullable String type,
      long flags,
      @Nullable String options);

  public static native int umount2(String target, int flags);

  public static native int ioctl(int descriptor, long request, long argument);

  public static native int ioctl(int descriptor, long request, ByteBuffer argument);

  static native long sysconf(int name);

  private static native long mmap(
      long address, long bytes, int protection, int flags, int descriptor, long offset);

  /**
   * Maps the start of a file, to read and write what all see.
   *
   * @return where it is, or -1
   */
  static long mapShared(int descriptor, long bytes) {
    // PROT_READ | PROT_WRITE, and MAP_SHARED: the same numbers on every processor.
    return mmap(0, bytes, 3, 1, descriptor, 0);
  }

  static native int munmap(long address, long bytes);

  static native int getrlimit(int resource, ByteBuffer limits);

  static native int setrlimit(int resource, ByteBuffer limits);

  private static native long syscall(long number);

  private static native long syscall(long number, int command, int flags, int processor);

  private static native long syscall(long number, String type, int flags);

  private static native long syscall(long number, int command, ByteBuffer attributes, int bytes);

  private static native long syscall(
      long number,
      int descriptor,
      int command,
      @Nullable String key,
      @Nullable String value,
      int auxiliary);

  /**
   * Mounts a file system where no path leads to, with fsopen(2), fsconfig(2) and fsmount(2). It is
   * gone when the last descriptor of it is closed, at the latest with this process.
   *
   * @return a descriptor of its root, or -1
   */
  public static int mountDetached(String type) {
    // These numbers are the same on every processor, and so are FSOPEN_CLOEXEC and FSMOUNT_CLOEXEC
    // (1) and FSCONFIG_CMD_CREATE (6), all since Linux 5.2.
    int context = (int) syscall(430, type, 1);
    if (context < 0) {
      return -1;
    }
    int root = -1;
    if (syscall(431, context, 6, null, null, 0) == 0) {
      root = (int) syscall(432, context, 1, 0);
    }
    int error = lastError();
    int ignored = close(context);
    Native.setLastError(error);
    return root;
  }

  /**
   * Calls membarrier(2), for which glibc has no wrapper.
   *
   * @return the call's result, or -1 where it failed or this processor's call number is unknown
   */
  public static long membarrier(int command) {
    int number = membarrierNumber();
    return number < 0 ? -1 : syscall(number, command, 0, 0);
  }

  /** Call numbers from the kernel's syscall tables: arch/x86, asm-generic, powerpc, s390. */
  private static int membarrierNumber() {
    return switch (Platform.ARCH) {
      case "x86-64" -> 324;
      case "aarch64", "riscv64", "loongarch64" -> 283;
      case "ppc64le", "ppc64" -> 365;
      case "s390x" -> 356;
      default -> -1;
    };
  }

  /**
   * Returns the number that the kernel has for the calling thread, with gettid(2); glibc has a
   * wrapper since 2.30.
   *
   * @return the number, or -1 where this processor's call number is unknown
   */
  public static int gettid() {
    int number =
        switch (Platform.ARCH) {
          case "x86-64" -> 186;
          case "aarch64", "riscv64", "loongarch64" -> 178;
          case "ppc64le", "ppc64" -> 207;
          case "s390x" -> 236;
          default -> -1;
        };
    return number < 0 ? -1 : (int) syscall(number);
  }

  /**
   * Calls bpf(2), for which glibc has no wrapper.
   *
   * @return the call's result, or -1 where it failed or this processor's call number is unknown
   */
  static int bpf(int command, ByteBuffer attributes, int bytes) {
    int number =
        switch (Platform.ARCH) {
          case "x86-64" -> 321;
          case "aarch64", "riscv64", "loongarch64" -> 280;
          case "ppc64le", "ppc64" -> 361;
          case "s390x" -> 351;
          default -> -1;
        };
    return number < 0 ? -1 : (int) syscall(number, command, attributes, bytes);
  }

  /**
   * Makes a file in memory that has no name, with memfd_create(2), MFD_CLOEXEC (1) and, where the
   * kernel has it, MFD_NOEXEC_SEAL (8, since 6.3); glibc has a wrapper since 2.27.
   *
   * @return a descriptor, or -1 where it failed or this processor's call number is unknown
   */
  static int memoryFile(String name) {
    int number =
        switch (Platform.ARCH) {
          case "x86-64" -> 319;
          case "aarch64", "riscv64", "loongarch64" -> 279;
          case "ppc64le", "ppc64" -> 360;
          case "s390x" -> 350;
          default -> -1;
        };
    if (number < 0) {
      return -1;
    }
    int sealed = (int) syscall(number, name, 1 | 8);
    return sealed >= 0 || lastError() != EINVAL ? sealed : (int) syscall(number, name, 1);
  }

  public static int lastError() {
    return Native.getLastError();
  }

  static String describe(int errno) {
    return switch (errno) {
      case ENOENT -> "ENOENT, it does not exist";
      case EACCES -> "EACCES, permission denied";
      case EBUSY -> "EBUSY, in use";
      case ENODEV -> "ENODEV, this kernel has none";
      case EROFS -> "EROFS, mounted read-only";
      case 1 -> "EPERM, not permitted";
      default -> "errno " + errno;
    };
  }
}
