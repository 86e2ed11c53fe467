package io.github.noslableak.examples.io;

/** Something of the kernel's that a service forgets to give back. */
public enum Mistake {
  /** {@link FileStore#list()} does not close the directory. */
  DIRECTORY_LEFT_OPEN,

  /** {@link TcpRelay} does not close the client's connection when its upstream refuses. */
  CONNECTION_LEFT_OPEN,

  /** {@link TcpRelay#close()} does not close the selector. */
  SELECTOR_LEFT_OPEN,

  /** {@link ScratchVolume#close()} does not unmount. */
  MOUNT_LEFT_BEHIND,

  /** {@link SharedSegment#close()} does not delete the segment that it made. */
  SEGMENT_LEFT_BEHIND
}
