package io.github.noslableak.kernel;

import io.github.noslableak.slab.SlabCatalogue;
import io.github.noslableak.slab.SlabInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Files as real kernels printed them, from src/test/resources/captures. */
public final class Captures {

  /** {@code lrwxrwxrwx 1 root root 0 Nov 23 07:08 mnt_cache -> :A-0000384} of ls -l. */
  private static final Pattern LISTED = Pattern.compile("([dl])\\S+ .*\\d\\d:\\d\\d (.+)");

  private Captures() {}

  public static byte[] bytes(String file) {
    try (InputStream in = Captures.class.getResourceAsStream("/captures/" + file)) {
      if (in == null) {
        throw new IllegalArgumentException("no capture " + file);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static List<String> lines(String file) {
    return new String(bytes(file), StandardCharsets.UTF_8).lines().toList();
  }

  public static SlabInfo slabInfo(String kernel) {
    return SlabInfo.parse(ByteBuffer.wrap(bytes(kernel + "/slabinfo.txt")));
  }

  /** From each name in /sys/kernel/slab to its directory. */
  public static Map<String, String> directories(String kernel) {
    Map<String, String> directories = new TreeMap<>();
    for (String line : lines(kernel + "/ls-l-sys-kernel-slab.txt")) {
      Matcher listed = LISTED.matcher(line);
      if (listed.matches()) {
        String[] link = listed.group(2).split(" -> ", 2);
        directories.put(link[0], link[link.length - 1]);
      }
    }
    return directories;
  }

  public static SlabCatalogue catalogue(String kernel) {
    return new SlabCatalogue(directories(kernel));
  }
}
