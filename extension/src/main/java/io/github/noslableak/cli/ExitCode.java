package io.github.noslableak.cli;

/** With what the program ends. */
enum ExitCode {
  /** Nothing was found. */
  CLEAN(0),
  /** A leak was found. */
  LEAK(1),
  /** What was given cannot be used: options, files, names of caches. */
  USAGE(2),
  /** The numbers decide nothing. */
  INCONCLUSIVE(3),
  /** Slab objects cannot be counted here. */
  UNMEASURABLE(4),
  /** The command that was run failed; its own exit code is told. */
  COMMAND_FAILED(5),
  /** The program itself is broken; it says how. */
  BROKEN(70);

  private final int code;

  ExitCode(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }
}
