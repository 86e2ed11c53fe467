package io.github.noslableak.dump;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Reads lines of bounded length. A carriage return ends one as well: crash overwrites "please wait"
 * with it.
 */
final class Lines {

  /** Longer ones are none of ours: their rest is passed over. */
  private static final int LONGEST = 4096;

  private final InputStream in;
  private final byte[] bytes = new byte[LONGEST];
  private int length;
  private boolean complete;
  private boolean carriageReturn;

  Lines(InputStream in) {
    this.in = new BufferedInputStream(in, 1 << 16);
  }

  /**
   * Reads the next line.
   *
   * @return whether there was one
   */
  boolean next() throws IOException {
    length = 0;
    int read = in.read();
    if (read < 0) {
      return false;
    }
    if (read == '\n' && carriageReturn) {
      carriageReturn = false; // The second half of an end.
      return next();
    }
    while (read >= 0 && read != '\n' && read != '\r') {
      if (length < LONGEST) {
        bytes[length++] = (byte) read;
      }
      read = in.read();
    }
    complete = read >= 0;
    carriageReturn = read == '\r';
    return true;
  }

  /** Returns the line, each byte a character of its own, so that none is lost. */
  String line() {
    return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
  }

  /** Returns whether the line was ended, and not the text. */
  boolean isComplete() {
    return complete;
  }
}
