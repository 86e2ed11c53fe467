package io.github.noslableak.dump;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Finds in a text, line by line, whatever is known here. */
final class TextReader {

  private TextReader() {}

  /**
   * Reads a text.
   *
   * @param name what it is called, for errors
   * @throws DumpException if something that is known here is damaged
   */
  static void read(InputStream in, String name, Parts parts) throws IOException {
    List<LineParser> parsers =
        List.of(
            new KmemMemoryParser(parts),
            new KmemCachesParser(parts),
            new SlabinfoParser(parts),
            new MeminfoParser(parts),
            new SlabtopParser(parts),
            new ContextParser(parts),
            new KernelParser(parts));
    Lines lines = new Lines(in);
    long number = 0;
    while (lines.next()) {
      number++;
      String line = lines.line();
      if (!lines.isComplete() && !line.isBlank()) {
        // Half a number is a number, too.
        parts.note("the last line of " + name + " is not ended, and was left out");
        break;
      }
      take(parsers, line, name, number);
    }
    for (LineParser parser : parsers) {
      try {
        parser.end();
      } catch (DumpException e) {
        throw new DumpException(name + ": " + e.getMessage());
      }
    }
    parts.endText();
  }

  private static void take(List<LineParser> parsers, String line, String name, long number)
      throws DumpException {
    for (LineParser parser : parsers) {
      try {
        if (parser.take(line)) {
          return;
        }
      } catch (DumpException e) {
        throw new DumpException(
            "%s, line %d: %s: \"%s\"".formatted(name, number, e.getMessage(), excerpt(line)));
      }
    }
  }

  /** What strangers wrote is shown without what a terminal would obey. */
  private static String excerpt(String line) {
    String shown = line.replaceAll("[^\\x20-\\x7e]", "?").strip();
    return shown.length() <= 80 ? shown : shown.substring(0, 80) + "...";
  }
}
