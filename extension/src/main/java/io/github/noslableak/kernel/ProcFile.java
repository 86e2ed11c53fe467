package io.github.noslableak.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text under /proc with names of files in it. Such a name is bytes, which need not be UTF-8: what
 * is not is replaced, and refuses nothing.
 */
public final class ProcFile {

  private static final Pattern ESCAPE = Pattern.compile("\\\\([0-7]{3})");

  private ProcFile() {}

  public static List<String> lines(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList();
  }

  /** Returns a name as it is: where blanks part fields, the kernel writes one in a name as \040. */
  public static String unescaped(String name) {
    return ESCAPE
        .matcher(name)
        .replaceAll(
            match ->
                Matcher.quoteReplacement(
                    String.valueOf((char) Integer.parseInt(match.group(1), 8))));
  }
}
