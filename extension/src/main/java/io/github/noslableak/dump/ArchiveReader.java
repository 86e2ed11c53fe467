package io.github.noslableak.dump;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongConsumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Reads what is wanted of a tar archive, as a stream. */
final class ArchiveReader {

  private ArchiveReader() {}

  /**
   * Reads an archive.
   *
   * @param progress is told now and then how many bytes were unpacked
   */
  static void read(InputStream in, String name, Parts parts, LongConsumer progress)
      throws IOException {
    boolean any = false;
    Set<String> roots = new HashSet<>();
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(Limits.atMost(Limits.MOST_BYTES, in, name))) {
      int entries = 0;
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (++entries > Limits.MOST_ENTRIES) {
          throw new DumpException(name + " has too many entries to be a support archive");
        }
        progress.accept(tar.getBytesRead());
        if (isFile(entry) && Member.isWanted(entry.getName())) {
          any = true;
          String root =
              entry
                  .getName()
                  .substring(0, entry.getName().length() - Member.of(entry.getName()).length());
          roots.add(root);
          if (roots.size() > 1) {
            throw new DumpException(name + " holds archives of several machines or moments");
          }
          String part = name + ", " + entry.getName();
          TextReader.read(Limits.atMost(Limits.MOST_BYTES_OF_PART, tar, part), part, parts);
        }
      }
    }
    if (!any) {
      throw new DumpException(
          name
              + " is neither a supportconfig archive nor a sos report: it has no memory.txt, no"
              + " slabinfo and no meminfo");
    }
  }

  /** The library counts links as files; they have no content of their own. */
  private static boolean isFile(TarArchiveEntry entry) {
    return entry.isFile() && !entry.isLink() && !entry.isSymbolicLink();
  }
}
