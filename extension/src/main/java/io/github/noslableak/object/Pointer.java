package io.github.noslableak.object;

/**
 * Something that points at an object.
 *
 * @param cache the cache of the object
 * @param from what points at it
 */
public record Pointer(String cache, From from) {

  /** The kernel itself, in place of a module. */
  static final String OF_KERNEL = "";

  /** What points. */
  public sealed interface From {}

  /**
   * Another object.
   *
   * @param cache its cache's name
   * @param isMerged whether others share that cache, so that it may be one of theirs
   * @param member of which member, or how many bytes from its start, such as {@code +16}
   * @param isAlive whether it is sure that it is no memory that is free again
   */
  public record InSlab(String cache, boolean isMerged, String member, boolean isAlive)
      implements From {

    InSlab alive() {
      return new InSlab(cache, isMerged, member, true);
    }

    InSlab unsure() {
      return new InSlab(cache, isMerged, member, false);
    }
  }

  /**
   * A descriptor of this process.
   *
   * @param number its number
   */
  public record OwnDescriptor(int number) implements From {}

  /**
   * A variable.
   *
   * @param module the module's name; empty for the kernel itself
   * @param address where the pointer is; 0 where that cannot be told
   */
  public record Variable(String module, long address) implements From {}
}
