package io.github.noslableak.evidence;

import io.github.noslableak.kernel.MountInfo;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The names on file systems that live in memory, as far as this JVM reaches them. Their dentries
 * and inodes are there as long as the files are, and nothing can drop them: so what was left there
 * is found as growth that no process holds.
 *
 * @param names their paths
 * @param complete whether there was time for all of them
 */
public record FilesInMemory(Set<Path> names, boolean complete) {

  /** File systems whose entries keep their dentries (simple_pin_fs and the like, fs/libfs.c). */
  private static final Set<String> TYPES =
      Set.of("tmpfs", "ramfs", "devtmpfs", "hugetlbfs", "mqueue");

  private static final int MOST_FILES = 100_000;

  /** A mounted file system, and which of its directories is mounted. */
  record Mount(Path point, String device, String directory) {}

  public FilesInMemory {
    names = Set.copyOf(names);
  }

  /**
   * Lists them.
   *
   * @param limit how long it may take
   * @throws IOException if there is no list of mounts
   */
  public static FilesInMemory scan(Duration limit) throws IOException {
    MountInfo info = MountInfo.of(Path.of("/proc/self"));
    Set<Path> points =
        info.mounts().stream().map(mount -> Path.of(mount.point())).collect(Collectors.toSet());
    Walk walk = new Walk(points, System.nanoTime() + limit.toNanos());
    for (Mount mount : mounts(info)) {
      walk.through(mount);
    }
    return new FilesInMemory(walk.names, walk.complete);
  }

  /** Returns the mounts of such file systems, each directory once. */
  static List<Mount> mounts(MountInfo info) {
    Map<Path, Optional<Mount>> byPoint = new LinkedHashMap<>();
    for (MountInfo.Mount listed : info.mounts()) {
      Path point = Path.of(listed.point());
      // A later mount hides an earlier one at the same place.
      byPoint.put(
          point,
          TYPES.contains(listed.type())
              ? Optional.of(new Mount(point, listed.device(), listed.root()))
              : Optional.empty());
    }
    List<Mount> mounts = new ArrayList<>();
    byPoint.values().stream()
        .flatMap(Optional::stream)
        .filter(mount -> info.isReachable(mount.point.toString()))
        .sorted(Comparator.comparing(mount -> mount.directory().length()))
        .filter(mount -> mounts.stream().noneMatch(other -> holds(other, mount)))
        .forEach(mounts::add);
    return mounts;
  }

  private static boolean holds(Mount other, Mount mount) {
    return other.device.equals(mount.device)
        && Path.of(mount.directory).startsWith(Path.of(other.directory));
  }

  /**
   * Goes through one file system after the other. Whatever is mounted in them is not even looked
   * at: its server may not answer, for ever.
   */
  private static final class Walk {
    private final Set<Path> names = new HashSet<>();
    private final Set<Path> points;
    private final long end;
    private boolean complete = true;

    Walk(Set<Path> points, long end) {
      this.points = points;
      this.end = end;
    }

    void through(Mount mount) {
      Deque<Path> directories = new ArrayDeque<>();
      if (isOn(mount, mount.point)) {
        see(mount.point, directories);
      }
      while (complete && !directories.isEmpty()) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directories.pop())) {
          for (Path entry : entries) {
            if (points.contains(entry)) {
              note(entry); // The name that it is mounted on is in memory.
            } else {
              see(mount, entry, directories);
            }
            if (!complete) {
              break;
            }
          }
        } catch (IOException | DirectoryIteratorException e) {
          // Removed meanwhile, or out of reach.
        }
      }
    }

    private void see(Mount mount, Path name, Deque<Path> directories) {
      BasicFileAttributes attributes;
      try {
        attributes =
            Files.readAttributes(name, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      } catch (IOException e) {
        return; // Removed meanwhile.
      }
      if (!attributes.isDirectory()) {
        note(name);
      } else if (isOn(mount, name)) {
        see(name, directories);
      }
    }

    private void see(Path directory, Deque<Path> directories) {
      note(directory);
      directories.push(directory);
    }

    private void note(Path name) {
      if (names.size() >= MOST_FILES || System.nanoTime() - end > 0) {
        complete = false;
      } else {
        names.add(name);
      }
    }

    private static boolean isOn(Mount mount, Path directory) {
      try {
        Object number = Files.getAttribute(directory, "unix:dev", LinkOption.NOFOLLOW_LINKS);
        return number instanceof Long dev && describe(dev).equals(mount.device);
      } catch (IOException e) {
        return false; // Removed meanwhile.
      }
    }
  }

  /** As mountinfo writes a device's number, from the one that stat(2) gives (sys/sysmacros.h). */
  static String describe(long device) {
    long major = ((device >>> 8) & 0xfff) | ((device >>> 32) & 0xfffff000L);
    long minor = (device & 0xff) | ((device >>> 12) & 0xffffff00L);
    return major + ":" + minor;
  }

  /**
   * Returns the files and directories that are there now and were not earlier, by name: one that
   * took another's place is none more. None where there was no time for all of them earlier: then
   * it is not known.
   */
  public List<Path> since(FilesInMemory earlier) {
    if (!earlier.complete) {
      return List.of();
    }
    return names.stream().filter(name -> !earlier.names.contains(name)).sorted().toList();
  }
}
