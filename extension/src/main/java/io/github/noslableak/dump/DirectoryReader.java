package io.github.noslableak.dump;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * Reads a support archive that was unpacked; or a whole machine, whose files bear the names that
 * sos keeps.
 */
final class DirectoryReader {

  private static final String CACHES = "sys/kernel/slab";

  private DirectoryReader() {}

  static void read(Path directory, Parts parts) throws IOException {
    for (String file : Member.FILES) {
      Path path = directory.resolve(file);
      if (isBelow(directory, path)) {
        read(path, file, parts);
      }
    }
    Path listings = directory.resolve(Member.LISTINGS);
    if (Files.isDirectory(listings, LinkOption.NOFOLLOW_LINKS)) {
      try (DirectoryStream<Path> found = Files.newDirectoryStream(listings)) {
        for (Path listing : found) {
          String name = String.valueOf(listing.getFileName());
          if (Member.isOfCaches(name) && isBelow(directory, listing)) {
            read(listing, Member.LISTINGS + "/" + name, parts);
          }
        }
      }
    }
    if (Files.isDirectory(directory.resolve(CACHES), LinkOption.NOFOLLOW_LINKS)) {
      links(directory.resolve(CACHES), parts);
    }
  }

  /** Links of a stranger's directory may lead anywhere, and pipes to nobody. */
  private static boolean isBelow(Path directory, Path path) throws IOException {
    return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
        && path.toRealPath().startsWith(directory.toRealPath());
  }

  private static void read(Path path, String name, Parts parts) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      TextReader.read(Limits.atMost(Limits.MOST_BYTES_OF_PART, in, name), name, parts);
    }
  }

  private static void links(Path caches, Parts parts) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(caches)) {
      for (Path entry : entries) {
        if (Files.isSymbolicLink(entry)) {
          String target = Files.readSymbolicLink(entry).getFileName().toString();
          if (target.startsWith(":")) {
            parts.link(entry.getFileName().toString(), target);
          }
        }
      }
    }
  }
}
