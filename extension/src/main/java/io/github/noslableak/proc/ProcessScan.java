package io.github.noslableak.proc;

import io.github.noslableak.verdict.Whose;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tells a ledger which tasks there are before its first event. */
public final class ProcessScan {

  private static final Path PROC = Path.of("/proc");

  /** Numbers in a link such as {@code pid:[4026531836]}: PROC_PID_INIT_INO of linux/proc_ns.h. */
  private static final String FIRST_PID_NAMESPACE = "pid:[4026531836]";

  private ProcessScan() {}

  /** Whether events carry other process numbers than this process sees. */
  public static boolean isInPidNamespace() {
    try {
      return !Files.readSymbolicLink(PROC.resolve("self/ns/pid"))
          .toString()
          .equals(FIRST_PID_NAMESPACE);
    } catch (IOException e) {
      return false; // A kernel without namespaces.
    }
  }

  /** Enters all tasks of this machine. */
  public static void enter(Tasks tasks) throws IOException {
    Map<Integer, ProcessStat> processes = processes();
    long self = ProcessHandle.current().pid();
    for (ProcessStat process : processes.values()) {
      Owner owner = new Owner(kind(process, processes), process.pid(), process.name());
      tasks.exists(process.pid(), owner);
      if (owner.whose() != Whose.KERNEL) {
        for (String task : tasksOf(process)) {
          boolean forTheJvm = process.pid() == self && HotSpotThreads.isCalled(nameOf(task));
          tasks.exists(Integer.parseInt(task), forTheJvm ? Owner.HOTSPOT : owner);
        }
      }
    }
  }

  /** Returns all processes of this machine by number. */
  public static Map<Integer, ProcessStat> processes() throws IOException {
    Map<Integer, ProcessStat> processes = new HashMap<>();
    for (String name : numbersIn(PROC)) {
      try {
        ProcessStat process = ProcessStat.ofProcess(Long.parseLong(name));
        processes.put(process.pid(), process);
      } catch (IOException e) {
        // It has ended since.
      }
    }
    return processes;
  }

  /** Returns whose a process is: by its parents, among all processes. */
  public static Whose kind(ProcessStat process, Map<Integer, ProcessStat> processes) {
    int self = (int) ProcessHandle.current().pid();
    if (process.kernelThread()) {
      return Whose.KERNEL;
    }
    ProcessStat ancestor = process;
    // No longer than there are processes: the parents were not all read at the same moment.
    for (int i = 0; ancestor != null && i < processes.size(); i++) {
      if (ancestor.pid() == self) {
        return Whose.OWN;
      }
      ancestor = processes.get(ancestor.parent());
    }
    return Whose.OTHERS;
  }

  private static List<String> tasksOf(ProcessStat process) {
    try {
      return numbersIn(PROC.resolve(process.pid() + "/task"));
    } catch (IOException e) {
      return List.of(); // It has ended since.
    }
  }

  /** Returns what the kernel calls a thread of this JVM; nothing if it has ended, or is none. */
  static String nameOf(String task) {
    try {
      return Files.readString(
              PROC.resolve("self/task").resolve(task).resolve("comm"), StandardCharsets.ISO_8859_1)
          .strip();
    } catch (IOException e) {
      return "";
    }
  }

  /** Returns the entries that are numbers: processes of /proc, threads, descriptors. */
  public static List<String> numbersIn(Path directory) throws IOException {
    List<String> numbers = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (Character.isDigit(name.charAt(0))) {
          numbers.add(name);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return numbers;
  }
}
