package io.github.noslableak.dump;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.function.LongConsumer;

/**
 * Bounds of what is read of a stranger's archive. Nothing of it is ever written to a file, so no
 * path of it leads anywhere.
 */
final class Limits {

  /** Unpacked, in all; support archives of big servers have some hundreds of MiB. */
  static final long MOST_BYTES = 4L << 30;

  /** Unpacked, of a part that is read as text. */
  static final long MOST_BYTES_OF_PART = 256L << 20;

  /** Entries of an archive. */
  static final int MOST_ENTRIES = 1_000_000;

  /** What unpacking may take of memory, in KiB: xz -9 needs 65 MiB. */
  static final int MOST_UNPACKING_KIB = 80 << 10;

  private Limits() {}

  /** Reads no more than so many bytes, and fails where there are more. */
  static InputStream atMost(long most, InputStream in, String name) {
    return atMost(most, in, name, bytes -> {});
  }

  /** Likewise, and tells how far it is. */
  static InputStream atMost(long most, InputStream in, String name, LongConsumer progress) {
    return new FilterInputStream(in) {

      private long read;

      @Override
      public int read() throws IOException {
        int one = super.read();
        count(one < 0 ? 0 : 1);
        return one;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        int count = super.read(bytes, offset, length);
        count(Math.max(0, count));
        return count;
      }

      @Override
      public long skip(long n) throws IOException {
        long skipped = super.skip(n);
        count(skipped);
        return skipped;
      }

      private void count(long more) throws DumpException {
        read += more;
        progress.accept(read);
        if (read > most) {
          throw new DumpException(
              String.format(
                  Locale.ROOT,
                  "%s unpacks to more than %,d MiB, and is not read",
                  name,
                  most >> 20));
        }
      }
    };
  }
}
