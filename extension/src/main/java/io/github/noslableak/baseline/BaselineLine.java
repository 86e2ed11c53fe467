package io.github.noslableak.baseline;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One known leak as a line of text: {@code test | cache | rate | since | note}. */
final class BaselineLine {

  private static final String SEPARATOR = " | ";

  /** The note is the last field and needs no escapes: it may contain bars and backslashes. */
  private static final int FIELDS_BEFORE_NOTE = 4;

  private BaselineLine() {}

  static String render(KnownLeak leak) {
    String line =
        String.join(
            SEPARATOR, escape(leak.test()), escape(leak.cache()), leak.rate(), leak.since());
    return leak.note().isEmpty() ? line : line + SEPARATOR + leak.note();
  }

  /**
   * Reads one line.
   *
   * @throws IllegalArgumentException if it is not of the form
   */
  static KnownLeak parse(String line) {
    List<String> fields = split(line);
    if (fields.size() < FIELDS_BEFORE_NOTE) {
      throw new IllegalArgumentException(
          line.startsWith("<<<<<<<") || line.startsWith("=======") || line.startsWith(">>>>>>>")
              ? "an unresolved merge conflict: leave each test and cache once"
              : "should be: test | cache | objects per iteration | since | note");
    }
    return new KnownLeak(
        unescape(fields.get(0)),
        unescape(fields.get(1)),
        Rate.parse(fields.get(2)).value(),
        fields.get(3),
        fields.size() > FIELDS_BEFORE_NOTE ? fields.get(FIELDS_BEFORE_NOTE) : "");
  }

  private static List<String> split(String line) {
    List<String> fields = new ArrayList<>();
    int start = 0;
    boolean escaped = false;
    for (int i = 0; i < line.length() && fields.size() < FIELDS_BEFORE_NOTE; i++) {
      char c = line.charAt(i);
      if (c == '|' && !escaped) {
        fields.add(line.substring(start, i).strip());
        start = i + 1;
      }
      escaped = c == '\\' && !escaped;
    }
    fields.add(line.substring(start).strip());
    return fields;
  }

  private static String escape(String field) {
    int[] characters = field.codePoints().toArray();
    int last = characters.length - 1;
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i <= last; i++) {
      int c = characters[i];
      if (c == '\\' || c == '|' || (c == '#' && i == 0)) {
        escaped.append('\\').appendCodePoint(c);
      } else if (c == '\n') {
        escaped.append("\\n");
      } else if (!KnownLeak.isPlain(c) || ((i == 0 || i == last) && Character.isWhitespace(c))) {
        escaped.append(String.format(Locale.ROOT, "\\u%04x", c));
      } else {
        escaped.appendCodePoint(c);
      }
    }
    return escaped.toString();
  }

  private static String unescape(String field) {
    StringBuilder text = new StringBuilder();
    String rest = field;
    while (!rest.isEmpty()) {
      int length = 2;
      if (!rest.startsWith("\\")) {
        length = 1;
        text.append(rest.charAt(0));
      } else if (rest.matches("(?s)\\\\[\\\\|#].*")) {
        text.append(rest.charAt(1));
      } else if (rest.startsWith("\\n")) {
        text.append('\n');
      } else if (rest.matches("(?s)\\\\u[0-9a-f]{4}.*")) {
        length = 6;
        text.append((char) Integer.parseInt(rest.substring(2, length), 16));
      } else {
        throw new IllegalArgumentException(
            "a backslash should stand before \\, |, #, n or u and four hexadecimal digits: \""
                + field
                + "\"");
      }
      rest = rest.substring(length);
    }
    return text.toString();
  }
}
