package io.github.noslableak.dump;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.function.LongConsumer;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** Reads dumps, whatever their form: by what they hold and not by their names. */
public final class DumpReader {

  private static final byte[] GZIP = {0x1f, (byte) 0x8b};
  private static final byte[] XZ = {(byte) 0xfd, '7', 'z', 'X', 'Z', 0};
  private static final byte[] BZIP2 = {'B', 'Z', 'h'};
  private static final byte[] ZIP = {'P', 'K', 3, 4};
  private static final byte[] TAR = "ustar".getBytes(StandardCharsets.US_ASCII);
  private static final int TAR_AT = 257;
  private static final int HEAD = 512;

  private DumpReader() {}

  /**
   * Reads a file: crash's output, a file of /proc, slabtop's output, a support archive, plain or
   * packed by gzip, xz or bzip2; or a directory that such an archive was unpacked into.
   *
   * @param progress is told now and then how many bytes of a packed one were unpacked
   * @throws DumpException if it is none of these, or a damaged one
   * @throws IOException if it cannot be read
   */
  public static Dump read(Path path, LongConsumer progress) throws IOException {
    String name = path.toString();
    Parts parts = new Parts();
    if (Files.isDirectory(path)) {
      try {
        DirectoryReader.read(path, parts);
      } catch (DirectoryIteratorException e) {
        throw damaged(name, e);
      }
    } else {
      try (InputStream in = new BufferedInputStream(Files.newInputStream(path), 1 << 16)) {
        readFile(in, name, parts, progress);
      }
    }
    return parts.dump(name);
  }

  private static void readFile(InputStream in, String name, Parts parts, LongConsumer progress)
      throws DumpException {
    try {
      read(in, name, parts, progress);
    } catch (DumpException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw damaged(name, e);
    }
  }

  /**
   * Reads what this machine says now.
   *
   * @throws DumpException if it does not say it, as for want of rights
   */
  public static Dump ofThisMachine() throws IOException {
    Path root = Path.of("/");
    if (!Files.isReadable(root.resolve("proc/slabinfo"))) {
      throw new DumpException(
          "the slab caches of this machine are for root to read: run this with sudo");
    }
    Parts parts = new Parts();
    DirectoryReader.read(root, parts);
    parts.taken(Instant.now());
    return parts.dump("this machine");
  }

  /** What unpacks strangers' bytes fails with exceptions of many kinds where they are damaged. */
  private static DumpException damaged(String name, Exception e) {
    String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return new DumpException(
        name + " cannot be read: " + reason.lines().findFirst().orElse("damaged"));
  }

  private static void read(InputStream in, String name, Parts parts, LongConsumer progress)
      throws IOException {
    byte[] head = peek(in);
    if (starts(head, 0, ZIP)) {
      throw new DumpException(name + " is a zip archive: unpack it, and give its directory");
    }
    InputStream unpacked = unpacked(in, head);
    if (unpacked == in) {
      readUnpacked(in, head, name, parts, progress);
    } else {
      try (InputStream buffered =
          new BufferedInputStream(Limits.atMost(Limits.MOST_BYTES, unpacked, name), 1 << 16)) {
        readUnpacked(buffered, peek(buffered), name, parts, progress);
      }
    }
  }

  private static void readUnpacked(
      InputStream in, byte[] head, String name, Parts parts, LongConsumer progress)
      throws IOException {
    if (starts(head, TAR_AT, TAR)) {
      ArchiveReader.read(in, name, parts, progress);
    } else {
      TextReader.read(Limits.atMost(Limits.MOST_BYTES, in, name, progress), name, parts);
    }
  }

  private static InputStream unpacked(InputStream in, byte[] head) throws IOException {
    if (starts(head, 0, GZIP)) {
      return GzipCompressorInputStream.builder()
          .setInputStream(in)
          .setDecompressConcatenated(true)
          .get();
    }
    if (starts(head, 0, XZ)) {
      return XZCompressorInputStream.builder()
          .setInputStream(in)
          .setDecompressConcatenated(true)
          .setMemoryLimitKiB(Limits.MOST_UNPACKING_KIB)
          .get();
    }
    if (starts(head, 0, BZIP2)) {
      return new BZip2CompressorInputStream(in, true);
    }
    return in;
  }

  private static byte[] peek(InputStream in) throws IOException {
    in.mark(HEAD);
    byte[] head = in.readNBytes(HEAD);
    in.reset();
    return head;
  }

  private static boolean starts(byte[] head, int at, byte[] magic) {
    return head.length >= at + magic.length
        && Arrays.equals(head, at, at + magic.length, magic, 0, magic.length);
  }
}
