package io.github.noslableak.examples.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Keeps contents in the files of one directory, each under the SHA-256 digest of its bytes.
 *
 * <p>A content is either there as a whole or not at all, also after a power cut: it is written to a
 * temporary file, forced to the disk and renamed. Several threads may use one store.
 */
public final class FileStore {

  private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");
  private static final int CHUNK_BYTES = 64 * 1024;

  private final Path directory;
  private final Mistakes mistakes;

  /**
   * Opens a store and makes its directory if need be.
   *
   * @throws IOException if the directory cannot be made
   */
  public FileStore(Path directory) throws IOException {
    this(directory, Mistakes.none());
  }

  FileStore(Path directory, Mistakes mistakes) throws IOException {
    this.directory = Files.createDirectories(directory);
    this.mistakes = mistakes;
  }

  /**
   * Stores a content. One that is there already stays as it is.
   *
   * @param content read to its end, not closed
   * @return its id: 64 hexadecimal digits
   * @throws IOException if it cannot be read or written; nothing is stored then
   */
  public String put(InputStream content) throws IOException {
    Path incoming = Files.createTempFile(directory, "incoming-", null);
    try {
      String id = copy(content, incoming);
      Files.move(incoming, directory.resolve(id), StandardCopyOption.ATOMIC_MOVE);
      forceDirectory();
      return id;
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(incoming);
      throw e;
    }
  }

  private static String copy(InputStream from, Path to) throws IOException {
    MessageDigest digest = sha256();
    byte[] chunk = new byte[CHUNK_BYTES];
    try (FileChannel channel = FileChannel.open(to, StandardOpenOption.WRITE)) {
      for (int count = from.read(chunk); count >= 0; count = from.read(chunk)) {
        digest.update(chunk, 0, count);
        ByteBuffer buffer = ByteBuffer.wrap(chunk, 0, count);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
      }
      channel.force(true);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** A rename is durable only once its directory is. */
  private void forceDirectory() throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /**
   * Opens a content, to be closed by the caller.
   *
   * @throws NoSuchFileException if it is not there
   */
  public InputStream get(String id) throws IOException {
    return Files.newInputStream(file(id));
  }

  /** Returns the ids of all contents, sorted. */
  @SuppressWarnings("StreamResourceLeak") // Closed below, unless by mistake.
  public List<String> list() throws IOException {
    Stream<Path> entries = Files.list(directory);
    try {
      return entries
          .map(entry -> entry.getFileName().toString())
          .filter(name -> ID.matcher(name).matches())
          .sorted()
          .toList();
    } finally {
      mistakes.unless(Mistake.DIRECTORY_LEFT_OPEN, entries::close);
    }
  }

  /** Deletes a content and returns whether it was there. */
  public boolean delete(String id) throws IOException {
    boolean deleted = Files.deleteIfExists(file(id));
    if (deleted) {
      forceDirectory();
    }
    return deleted;
  }

  private Path file(String id) {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException("an id has 64 hexadecimal digits, unlike \"" + id + "\"");
    }
    return directory.resolve(id);
  }
}
