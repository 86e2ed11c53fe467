package io.github.noslableak.dump;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Makes dumps for tests. */
public final class Dumps {

  private Dumps() {}

  /** Reads a text, as that of a file. */
  public static Dump read(String text) throws IOException {
    Parts parts = new Parts();
    TextReader.read(
        new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)), "a file", parts);
    return parts.dump("a file");
  }

  /** A cache of which all is known. */
  public static CacheUse cache(String name, long objectBytes, long objects) {
    return new CacheUse(
        name,
        OptionalLong.of(objectBytes),
        OptionalLong.of(objects),
        OptionalLong.of(objects),
        OptionalLong.of(objects * objectBytes));
  }

  /** A dump of such caches alone. */
  public static Dump of(String source, CacheUse... caches) {
    return new Dump(
        source,
        Optional.empty(),
        List.of(caches),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of());
  }

  /** Reads one of the dumps in src/test/resources/dumps. */
  public static String text(String name) {
    try (var in = Dumps.class.getResourceAsStream("/dumps/" + name)) {
      if (in == null) {
        throw new IllegalArgumentException("no dump " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
