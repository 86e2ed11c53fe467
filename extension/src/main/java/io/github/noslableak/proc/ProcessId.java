package io.github.noslableak.proc;

import java.io.IOException;

/**
 * A process that no other is taken for as long as the machine runs: a number alone is given again.
 *
 * @param startTicks when it started, in clock ticks after boot
 */
public record ProcessId(long pid, long startTicks) {

  public static ProcessId ofThisJvm() throws IOException {
    long pid = ProcessHandle.current().pid();
    return new ProcessId(pid, ProcessStat.ofProcess(pid).startTicks());
  }

  /**
   * Returns whether a process of this number runs that started then; false for what is no number.
   */
  public static boolean isAlive(String pid, String startTicks) {
    try {
      ProcessStat process = ProcessStat.ofProcess(Long.parseLong(pid));
      return startTicks.equals(Long.toString(process.startTicks()));
    } catch (NumberFormatException | IOException e) {
      return false;
    }
  }

  /** Returns both numbers with a separator between them, for names of what it may leave behind. */
  public String joined(char separator) {
    return pid + String.valueOf(separator) + startTicks;
  }
}
