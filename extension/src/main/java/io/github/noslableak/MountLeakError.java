package io.github.noslableak;

/**
 * A {@link PrivateMount} was still in use when its test was over.
 *
 * <p>The message stands alone: it names who uses the mount and by what, or says that no process
 * does, so that the kernel has lost a reference; and what to do next.
 */
public final class MountLeakError extends AssertionError {

  private static final long serialVersionUID = 1L;

  private final boolean leakedReference;

  MountLeakError(String message, boolean leakedReference) {
    super(message);
    this.leakedReference = leakedReference;
  }

  /**
   * Returns whether no process and no user known to the kernel holds the mount, which leaves a
   * reference that was taken and not returned; false if the message names who uses it.
   */
  public boolean isLeakedReference() {
    return leakedReference;
  }
}
