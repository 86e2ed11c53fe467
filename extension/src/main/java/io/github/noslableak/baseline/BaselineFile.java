package io.github.noslableak.baseline;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A baseline in a file that several JVMs change at the same time, such as the forks of one build.
 *
 * <p>A change is made under a lock to what the file says then, and replaces the file in one step:
 * who reads or dies in the middle sees the old text or the new.
 */
final class BaselineFile {

  private static final String TEMPORARY = ".tmp";

  private final Path file;

  private BaselineFile(Path file) {
    this.file = file;
  }

  /**
   * Names a file. Symbolic links are followed now and never again, so that a change replaces what
   * they lead to and not the link.
   *
   * @throws BaselineFileException if there is something else than a file, or no directory for it
   */
  static BaselineFile at(Path path) throws IOException {
    Path absolute = path.toAbsolutePath().normalize();
    Path directory = absolute.getParent();
    Path name = absolute.getFileName();
    if (directory == null || name == null) {
      throw new BaselineFileException(path + " should be a file");
    }
    if (!Files.isDirectory(directory)) {
      throw new BaselineFileException(
          path + " cannot be there: " + directory + " is not a directory");
    }
    if (!Files.exists(absolute, LinkOption.NOFOLLOW_LINKS)) {
      return new BaselineFile(directory.toRealPath().resolve(name));
    }
    if (Files.isSymbolicLink(absolute) && !Files.exists(absolute)) {
      throw new BaselineFileException(path + " is a symbolic link to a file that does not exist");
    }
    if (!Files.isRegularFile(absolute)) {
      throw new BaselineFileException(path + " should be a file, but is something else");
    }
    return new BaselineFile(absolute.toRealPath());
  }

  Path path() {
    return file;
  }

  boolean exists() {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
  }

  /** Returns whether this user may replace the file. */
  boolean isWritable() {
    return Files.isWritable(directory()) && (!exists() || Files.isWritable(file));
  }

  /**
   * Reads the file.
   *
   * @throws BaselineFileException with the file and the line, if it is not a baseline
   */
  Baseline read() throws IOException {
    String text;
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      ByteBuffer content = ByteBuffer.allocate(Math.toIntExact(channel.size()));
      while (content.hasRemaining() && channel.read(content) >= 0) {
        // Until all is read.
      }
      text = StandardCharsets.UTF_8.newDecoder().decode(content.flip()).toString();
    } catch (NoSuchFileException e) {
      throw new BaselineFileException(file + " does not exist", e);
    } catch (AccessDeniedException e) {
      throw new BaselineFileException(file + " may not be read by this user", e);
    } catch (CharacterCodingException e) {
      throw new BaselineFileException(file + " is not a text in UTF-8", e);
    }
    try {
      return Baseline.parse(text.lines().toList());
    } catch (BaselineSyntaxException e) {
      List<String> lines = text.lines().toList();
      throw new BaselineFileException(
          "%s:%d: %s: %s"
              .formatted(file, e.line(), e.getMessage(), lines.get(e.line() - 1).strip()),
          e);
    }
  }

  /**
   * Changes the file, unless the change leaves all as it is.
   *
   * @param change from what the file says now to what it should say
   * @return what it says now
   * @throws BaselineFileException if it is not a baseline; it is left untouched
   */
  @SuppressWarnings("try") // The lock is only held.
  Baseline change(UnaryOperator<Baseline> change) throws IOException {
    try (FileLockBeside ignored = FileLockBeside.of(file)) {
      Baseline before = read();
      Baseline after = change.apply(before);
      if (!after.equals(before)) {
        write(after);
      }
      return after;
    }
  }

  /** Creates the file if it is missing, without a leak. */
  @SuppressWarnings("try") // The lock is only held.
  void create() throws IOException {
    try (FileLockBeside ignored = FileLockBeside.of(file)) {
      if (!exists()) {
        write(Baseline.empty());
      }
    }
  }

  private void write(Baseline baseline) throws IOException {
    removeWhatAKilledWriterLeft();
    Path temporary =
        Files.createTempFile(directory(), temporaryPrefix(), TEMPORARY, newFilePermissions());
    try {
      if (exists()) {
        takeOver(temporary);
      }
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        ByteBuffer content = ByteBuffer.wrap(text(baseline).getBytes(StandardCharsets.UTF_8));
        while (content.hasRemaining()) {
          channel.write(content);
        }
        channel.force(true);
      }
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
    try (FileChannel channel = FileChannel.open(directory(), StandardOpenOption.READ)) {
      channel.force(true); // The new name too is on disk.
    }
  }

  private static String text(Baseline baseline) {
    List<String> lines = baseline.render();
    return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
  }

  private static FileAttribute<?> newFilePermissions() {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--"));
  }

  /**
   * Gives the new file the rights and the owner of the old one: a build as root in a user's
   * checkout must not leave a file there that the user cannot change.
   */
  private void takeOver(Path temporary) throws IOException {
    PosixFileAttributes old =
        Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!old.isRegularFile()) {
      throw new BaselineFileException(file + " should be a file, but is something else now");
    }
    PosixFileAttributeView view =
        Files.getFileAttributeView(
            temporary, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    PosixFileAttributes own = view.readAttributes();
    try {
      if (!own.owner().equals(old.owner())) {
        view.setOwner(old.owner());
      }
      if (!own.group().equals(old.group())) {
        view.setGroup(old.group());
      }
    } catch (FileSystemException e) {
      // Only root may give a file away: it is ours from now on, as with an editor.
    }
    Set<PosixFilePermission> rights = EnumSet.copyOf(old.permissions());
    rights.remove(PosixFilePermission.OTHERS_WRITE);
    view.setPermissions(rights);
  }

  private void removeWhatAKilledWriterLeft() throws IOException {
    try (DirectoryStream<Path> left =
        Files.newDirectoryStream(
            directory(),
            path ->
                path.toFile().getName().startsWith(temporaryPrefix())
                    && path.toFile().getName().endsWith(TEMPORARY))) {
      for (Path path : left) {
        Files.deleteIfExists(path); // Nobody else writes: the lock is ours.
      }
    }
  }

  private String temporaryPrefix() {
    return "." + file.toFile().getName() + ".";
  }

  private Path directory() {
    Path directory = file.getParent();
    if (directory == null) {
      throw new IllegalStateException(file + " has no directory");
    }
    return directory;
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
