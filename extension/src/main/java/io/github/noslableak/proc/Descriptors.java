package io.github.noslableak.proc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The descriptors that this JVM has open, by number.
 *
 * @param targets what each descriptor refers to, as the link in /proc/self/fd names it
 */
public record Descriptors(Map<Integer, String> targets) {

  private static final String DELETED = " (deleted)";

  /** What a descriptor refers to. */
  public enum Kind {
    SOCKET("sockets"),
    PIPE("pipes"),
    EPOLL("epolls"),
    EVENT("other anonymous inodes"),
    FILE("file descriptors");

    private final String plural;

    Kind(String plural) {
      this.plural = plural;
    }

    /** Returns what several of this kind are called. */
    public String plural() {
      return plural;
    }

    /** Returns what a link in /proc/&lt;pid&gt;/fd with this target refers to. */
    public static Kind of(String target) {
      if (target.startsWith("socket:")) {
        return SOCKET;
      }
      if (target.startsWith("pipe:")) {
        return PIPE;
      }
      if (target.equals("anon_inode:[eventpoll]")) {
        return EPOLL;
      }
      return target.startsWith("anon_inode:") ? EVENT : FILE;
    }
  }

  public Descriptors {
    targets = Map.copyOf(targets);
  }

  /** Lists the descriptors of this JVM. The listing's own descriptor is not among them. */
  public static Descriptors ofThisJvm() {
    Path directory = Path.of("/proc/self/fd");
    Map<Integer, String> targets = new TreeMap<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        target(entry)
            .ifPresent(
                target -> targets.put(Integer.valueOf(entry.getFileName().toString()), target));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + directory, e);
    }
    String self = "/proc/" + ProcessHandle.current().pid() + "/fd";
    targets.values().removeIf(self::equals);
    return new Descriptors(targets);
  }

  /** Returns what a descriptor refers to, empty if another thread has closed it meanwhile. */
  private static Optional<String> target(Path descriptor) throws IOException {
    try {
      return Optional.of(Files.readSymbolicLink(descriptor).toString());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Returns those that another listing has too, under the same number. */
  public Descriptors alsoIn(Descriptors other) {
    Map<Integer, String> both = new TreeMap<>(targets);
    both.entrySet().removeIf(entry -> !isSame(entry.getKey(), entry.getValue(), other));
    return new Descriptors(both);
  }

  /** Returns those that another listing has not, under the same number. */
  public Descriptors without(Descriptors other) {
    Map<Integer, String> gone = new TreeMap<>(targets);
    gone.entrySet().removeIf(entry -> isSame(entry.getKey(), entry.getValue(), other));
    return new Descriptors(gone);
  }

  private static boolean isSame(int number, String target, Descriptors other) {
    String there = other.targets.get(number);
    return there != null && undeleted(target).equals(undeleted(there));
  }

  /** Returns a target without what the kernel adds when the file's name is removed. */
  public static String undeleted(String target) {
    return target.endsWith(DELETED)
        ? target.substring(0, target.length() - DELETED.length())
        : target;
  }

  /** Returns these and those of another listing. */
  public Descriptors and(Descriptors other) {
    Map<Integer, String> both = new TreeMap<>(other.targets);
    both.putAll(targets);
    return new Descriptors(both);
  }

  /** Returns how many descriptors of a kind there are. */
  public long count(Kind kind) {
    return targets.values().stream().filter(target -> Kind.of(target) == kind).count();
  }

  /** Returns the targets that are here and were not there under the same number before, sorted. */
  public List<String> openedSince(Descriptors before) {
    List<String> opened = new ArrayList<>();
    targets.forEach(
        (number, target) -> {
          if (!isSame(number, target, before)) {
            opened.add(target);
          }
        });
    opened.sort(null);
    return opened;
  }
}
