package io.github.noslableak.proc;

import io.github.noslableak.kernel.MalformedKernelDataException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Some fields of /proc/&lt;pid&gt;/stat (proc(5)).
 *
 * <pre>{@code
 * 4242 (a (b) c) S 1 4242 4242 0 -1 4194560 …
 * }</pre>
 *
 * @param name which may hold blanks and parentheses itself
 * @param startTicks when it started, in clock ticks after boot
 */
public record ProcessStat(int pid, String name, int parent, boolean kernelThread, long startTicks) {

  private static final Pattern LINE =
      Pattern.compile(
          "(\\d+) \\((.*)\\) \\S (\\d+)(?: \\S+){4} (\\d+)(?: \\S+){12} (\\d+) .*", Pattern.DOTALL);

  /**
   * A worker's name tells what it works on at that moment, or did last (wq_worker_comm of
   * kernel/workqueue.c): {@code kworker/u8:3-events}, {@code kworker/0:1H+kblockd}.
   */
  private static final Pattern WORK = Pattern.compile("^(kworker/[^-+]+)[-+].*");

  /** PF_KTHREAD of linux/sched.h. */
  private static final long KERNEL_THREAD = 0x00200000;

  public static ProcessStat ofProcess(long pid) throws IOException {
    return parse(
        Files.readString(
            Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1));
  }

  public static ProcessStat parse(String line) {
    Matcher fields = LINE.matcher(line);
    if (!fields.matches()) {
      throw new MalformedKernelDataException("a process's stat is \"" + line.strip() + "\"");
    }
    boolean kernelThread = (Long.parseLong(fields.group(4)) & KERNEL_THREAD) != 0;
    return new ProcessStat(
        Integer.parseInt(fields.group(1)),
        kernelThread ? WORK.matcher(fields.group(2)).replaceFirst("$1") : fields.group(2),
        Integer.parseInt(fields.group(3)),
        kernelThread,
        Long.parseLong(fields.group(5)));
  }
}
