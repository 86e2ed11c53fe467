package io.github.noslableak.object;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a kernel object is.
 *
 * @param name as the kernel's own files name the like: a path, {@code socket:[4711]}, and for a
 *     socket its addresses as ss(8) shows them
 * @param references how many there are to it, where it counts them
 * @param node the inode that it is, or leads to
 */
public record Decoded(String name, OptionalLong references, Optional<Node> node) {

  /**
   * An inode.
   *
   * @param device its file system's number, {@code major:minor}
   */
  public record Node(String device, long number) {}
}
