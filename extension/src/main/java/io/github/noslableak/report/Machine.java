package io.github.noslableak.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The rest of the machine, in brief. Sizes in kB are of 1,024 bytes, as the kernel prints them.
 *
 * @param kernel kernel release and allocator
 * @param hardware what it is built of
 * @param memory slab figures before and after
 * @param otherGrowth unwatched caches that grew, most first, not exact
 * @param unwritten file systems whose data was not written out before the last count
 */
public record Machine(
    String kernel,
    Hardware hardware,
    List<Figure> memory,
    List<OtherGrowth> otherGrowth,
    List<FileSystem> unwritten) {

  private static final int LONGEST_LIST = 5;

  private static final long MEBIBYTE = 1024L * 1024;

  /**
   * What a machine is built of.
   *
   * @param memoryBytes size of the physical memory, in bytes
   * @param processors logical processors
   * @param virtualization the hypervisor or container, as far as it can be told; empty on bare
   *     metal
   */
  public record Hardware(long memoryBytes, int processors, Optional<String> virtualization) {

    String says() {
      return Text.number(memoryBytes / MEBIBYTE)
          + " MiB of memory, "
          + processors
          + (processors == 1 ? " processor, " : " processors, ")
          + virtualization.orElse("no hypervisor seen");
    }
  }

  /** A figure of /proc/meminfo in kB. */
  public record Figure(String name, long before, long after) {}

  /** An unwatched cache that grew by so many objects. */
  public record OtherGrowth(String cache, long objects) {}

  /** A mounted file system. */
  public record FileSystem(String point, String type) {}

  public Machine {
    memory = List.copyOf(memory);
    otherGrowth = List.copyOf(otherGrowth);
    unwritten = List.copyOf(unwritten);
  }

  /** Makes one on which all was written out. */
  public Machine(
      String kernel, Hardware hardware, List<Figure> memory, List<OtherGrowth> otherGrowth) {
    this(kernel, hardware, memory, otherGrowth, List.of());
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(kernel + ", " + hardware.says() + ".");
    lines.add(
        memory.stream()
                .map(
                    figure ->
                        "%s %s -> %s kB (%s)"
                            .formatted(
                                figure.name(),
                                Text.number(figure.before()),
                                Text.number(figure.after()),
                                Text.signed(figure.after() - figure.before())))
                .collect(Collectors.joining(", "))
            + ".");
    if (!otherGrowth.isEmpty()) {
      lines.add(
          "Unwatched caches that grew most, counted inexactly: "
              + otherGrowth.stream()
                  .limit(LONGEST_LIST)
                  .map(other -> other.cache() + " " + Text.signed(other.objects()))
                  .collect(Collectors.joining(", "))
              + ".");
    }
    if (!unwritten.isEmpty()) {
      lines.add(
          "Not written out before counting, for their servers or devices may not answer: "
              + unwritten.stream()
                  .map(fileSystem -> fileSystem.point() + " (" + fileSystem.type() + ")")
                  .collect(Collectors.joining(", "))
              + ". What is dirty there counts until it is.");
    }
    return lines;
  }
}
