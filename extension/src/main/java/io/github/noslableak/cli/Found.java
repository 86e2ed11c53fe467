package io.github.noslableak.cli;

import io.github.noslableak.SlabGrowth;
import org.jspecify.annotations.Nullable;

/**
 * What came of running a command.
 *
 * @param exit with what the program ends
 * @param text what is said
 * @param growth what was measured; none where nothing could be, or the command failed
 */
record Found(ExitCode exit, String text, @Nullable SlabGrowth growth) {

  static Found of(SlabGrowth growth, Program program) {
    ExitCode exit =
        growth.isLeak()
            ? ExitCode.LEAK
            : growth.isInconclusive() ? ExitCode.INCONCLUSIVE : ExitCode.CLEAN;
    String runs = program.runs() == 1 ? "once" : program.runs() + " times";
    return new Found(
        exit,
        growth.report() + "\n\nThe command ran " + runs + ", and ended with 0 each time.",
        growth);
  }
}
