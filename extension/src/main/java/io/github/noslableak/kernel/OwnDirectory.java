package io.github.noslableak.kernel;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/** A directory that only this user may enter, so that what is found in it is ours. */
public final class OwnDirectory {

  /** Where everything of ours lies that outlives a process. /run is empty after a boot. */
  public static final Path RUN = Path.of("/run/noslableak");

  private OwnDirectory() {}

  /**
   * Makes the directory where it is not there yet.
   *
   * @throws IOException if it cannot be made, or is there and not this user's alone
   */
  public static void make(Path directory) throws IOException {
    try {
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (FileAlreadyExistsException e) {
      // Made by an earlier run; checked below like one of our own.
    }
    PosixFileAttributes attributes =
        Files.readAttributes(directory, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    Object owner = Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    String rights = PosixFilePermissions.toString(attributes.permissions());
    if (!attributes.isDirectory() || !owner.equals(Libc.geteuid()) || !rights.endsWith("---")) {
      throw new IOException(
          directory
              + " should be a directory that only user "
              + Libc.geteuid()
              + " may enter, but is "
              + (attributes.isDirectory() ? rights : "no directory")
              + " of user "
              + owner
              + ": remove it, the next run makes it anew");
    }
  }
}
