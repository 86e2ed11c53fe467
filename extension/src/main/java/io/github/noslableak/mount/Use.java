package io.github.noslableak.mount;

/**
 * A use of a mount.
 *
 * @param by the number of the descriptor, or the device; empty where it is by neither
 * @param what the file's name as the kernel has it, or the socket's
 */
public record Use(How how, String by, String what) {

  /** How something of a mount is used. */
  public enum How {
    /** A descriptor of a file. */
    OPEN,
    /** A descriptor of a socket that is bound to a name on the mount. */
    BOUND_SOCKET,
    /** A descriptor of an io_uring that has files registered. */
    RING,
    /** A descriptor of a socket with descriptors in its queue. */
    QUEUE,
    WORKING_DIRECTORY,
    ROOT_DIRECTORY,
    PROGRAM,
    MAPPED,
    /** Another mount on a directory of it. */
    MOUNT,
    LOOP_DEVICE,
    SWAP
  }
}
