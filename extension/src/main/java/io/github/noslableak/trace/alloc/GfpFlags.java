package io.github.noslableak.trace.alloc;

import io.github.noslableak.kernel.MalformedKernelDataException;
import io.github.noslableak.trace.EventFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The bits of an allocation's flags that decide on the kmalloc cache. They differ between kernels
 * and are in the event's {@code print fmt}, as {@code 0x400000u} or since 6.9 as {@code 1UL << 22}:
 *
 * <pre>{@code
 * {( unsigned long)(( gfp_t)0x400000u), "__GFP_ACCOUNT"}
 * {( unsigned long)(( gfp_t)((((1UL))) << (22))), "__GFP_ACCOUNT"}
 * }</pre>
 */
public record GfpFlags(long dma, long reclaimable, long account) {

  private static final Pattern VALUE =
      Pattern.compile("0x([0-9a-fA-F]+)u|1UL\\)*\\s*<<\\s*\\(?(\\d{1,2})\\)?");

  public static GfpFlags of(EventFormat kmalloc) {
    // A kernel without a zone for DMA does not name the flag, and has no such caches.
    return new GfpFlags(
        bits(kmalloc, "__GFP_DMA", "GFP_DMA"),
        required(kmalloc, "__GFP_RECLAIMABLE"),
        required(kmalloc, "__GFP_ACCOUNT"));
  }

  private static long required(EventFormat kmalloc, String name) {
    long bits = bits(kmalloc, name);
    if (bits == 0) {
      throw new MalformedKernelDataException(
          "the format of the kernel's event " + kmalloc.name() + " does not explain " + name);
    }
    return bits;
  }

  private static long bits(EventFormat kmalloc, String... names) {
    for (String name : names) {
      int end = kmalloc.text().indexOf(", \"" + name + "\"");
      if (end >= 0) {
        int start = kmalloc.text().lastIndexOf('{', end);
        Matcher value = VALUE.matcher(kmalloc.text().substring(Math.max(0, start), end));
        if (value.find()) {
          return value.group(1) != null
              ? Long.parseLong(value.group(1), 16)
              : 1L << Integer.parseInt(value.group(2));
        }
      }
    }
    return 0;
  }
}
