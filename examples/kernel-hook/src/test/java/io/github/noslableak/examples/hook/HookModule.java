package io.github.noslableak.examples.hook;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The settings and counters of the kernel module, which src/main/c explains. */
final class HookModule {

  private static final Path PARAMETERS = Path.of("/sys/module/noslableak_hook/parameters");

  private HookModule() {}

  /** Returns how many closes it hooked. */
  static long hooked() {
    return count("hooked");
  }

  /** Returns how many references on paths it leaked. */
  static long leaked() {
    return count("leaked");
  }

  /** Returns how many references on the roots of volumes it leaked. */
  static long pinned() {
    return count("pinned");
  }

  /** Returns how many records it leaked. */
  static long dropped() {
    return count("dropped");
  }

  /** Makes it a correct hook, on every close of files and sockets by this process. */
  static void reset() {
    if (!Files.isDirectory(PARAMETERS)) {
      throw new IllegalStateException(
          "the module noslableak_hook is not loaded: these tests run in the VM of"
              + " examples/kernel-hook/vm/run");
    }
    set("leak", "N");
    set("pin", "N");
    set("every", "1");
    set("tgid", Long.toString(ProcessHandle.current().pid()));
    set("only", "all");
    set("cap", "0");
  }

  static void set(String parameter, String value) {
    try {
      write(parameter, value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Writes to one of the module's files.
   *
   * @throws IOException if the module refuses the value
   */
  static void write(String parameter, String value) throws IOException {
    Files.write(
        PARAMETERS.resolve(parameter),
        value.getBytes(StandardCharsets.US_ASCII),
        StandardOpenOption.WRITE);
  }

  private static long count(String parameter) {
    try {
      return Long.parseLong(Files.readString(PARAMETERS.resolve(parameter)).strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
