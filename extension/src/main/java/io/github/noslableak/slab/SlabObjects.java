package io.github.noslableak.slab;

import io.github.noslableak.kernel.Digits;
import io.github.noslableak.kernel.MalformedKernelDataException;
import java.nio.ByteBuffer;

/**
 * Parses {@code /sys/kernel/slab/<cache>/objects}.
 *
 * <pre>{@code
 * 3108 N0=3108
 * }</pre>
 *
 * The first number is the total over all NUMA nodes; the nodes follow, each as {@code
 * N<node>=<count>} (mm/slub.c, show_slab_objects). The file is cut off at a page when there are
 * very many nodes, so only the total is read.
 */
final class SlabObjects {

  private SlabObjects() {}

  static long parse(ByteBuffer text) {
    long total = Digits.parse(text, "the objects counter");
    // Without a delimiter the kernel's number may have been cut short: 31 of 3108.
    if (!text.hasRemaining() || (text.get() & 0xff) > ' ') {
      throw new MalformedKernelDataException(
          "the objects counter ends without a blank: \"" + Digits.excerpt(text, 0) + "\"");
    }
    return total;
  }
}
