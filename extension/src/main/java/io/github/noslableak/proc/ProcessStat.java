package io.github.noslableak.proc;

import io.github.noslableak.kernel.MalformedKernelDataException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Some fields of /proc/&lt;pid&gt;/stat (proc(5)).
 *
 * <pre>{@code
 * 4242 (a (b) c) S 1 4242 4242 0 -1 4194560 …
 * }</pre>
 *
 * @param name which may hold blanks and parentheses itself
 * @param zombie whether it has ended, and its parent did not ask how yet
 * @param startTicks when it started, in clock ticks after boot
 */
public record ProcessStat(
    int pid, String name, int parent, boolean kernelThread, boolean zombie, long startTicks) {

  /** Where fields are after the name, the first of which is the state: proc(5), from 3 on. */
  private static final int STATE = 0;

  private static final int PARENT = 4 - 3;

  private static final int FLAGS = 9 - 3;
  private static final int START = 22 - 3;

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

  /**
   * Parses a line. Each process of this machine has one, and each measurement reads them all: a
   * regular expression took four times as long.
   */
  public static ProcessStat parse(String line) {
    int open = line.indexOf(" (");
    int close = line.lastIndexOf(") ");
    if (open < 0 || close < open) {
      throw malformed(line);
    }
    String[] fields = line.substring(close + 2).split(" ", START + 2);
    if (fields.length < START + 2) {
      throw malformed(line);
    }
    String name = line.substring(open + 2, close);
    try {
      boolean kernelThread = (Long.parseLong(fields[FLAGS]) & KERNEL_THREAD) != 0;
      return new ProcessStat(
          Integer.parseInt(line.substring(0, open)),
          kernelThread ? WORK.matcher(name).replaceFirst("$1") : name,
          Integer.parseInt(fields[PARENT]),
          kernelThread,
          fields[STATE].equals("Z"),
          Long.parseLong(fields[START]));
    } catch (NumberFormatException e) {
      MalformedKernelDataException malformed = malformed(line);
      malformed.initCause(e);
      throw malformed;
    }
  }

  private static MalformedKernelDataException malformed(String line) {
    return new MalformedKernelDataException("a process's stat is \"" + line.strip() + "\"");
  }
}
