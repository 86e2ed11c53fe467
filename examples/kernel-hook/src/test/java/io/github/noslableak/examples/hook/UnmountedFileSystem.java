package io.github.noslableak.examples.hook;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;

/** A file system that is configured and not mounted: the kernel keeps its source until then. */
final class UnmountedFileSystem implements AutoCloseable {

  /** Those of fsopen(2) and fsconfig(2), on all architectures, since 5.2. */
  private static final NativeLong FSOPEN = new NativeLong(430);

  private static final NativeLong FSCONFIG = new NativeLong(431);
  private static final int SET_STRING = 1;

  /** The functions of the C library that syscall(2) and close(2) tell of. */
  private interface C extends Library {
    C LIBRARY = Native.load("c", C.class);

    NativeLong syscall(NativeLong number, Object... arguments) throws LastErrorException;

    int close(int descriptor) throws LastErrorException;
  }

  private final int context;

  UnmountedFileSystem(String source) {
    context = C.LIBRARY.syscall(FSOPEN, "tmpfs", 0).intValue();
    NativeLong ignored = C.LIBRARY.syscall(FSCONFIG, context, SET_STRING, "source", source, 0);
  }

  @Override
  public void close() {
    int ignored = C.LIBRARY.close(context);
  }
}
