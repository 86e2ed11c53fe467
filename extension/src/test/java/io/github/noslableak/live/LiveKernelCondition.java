package io.github.noslableak.live;

import io.github.noslableak.kernel.KernelProfile;
import io.github.noslableak.slab.Kernel;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.opentest4j.TestAbortedException;

/** See {@link LiveTest}. */
final class LiveKernelCondition implements ExecutionCondition {

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    KernelProfile profile = Kernel.current().profile();
    if (profile.measurable()) {
      return ConditionEvaluationResult.enabled("the kernel can be measured");
    }
    return ConditionEvaluationResult.disabled(
        notRun(context.getDisplayName() + ": " + profile.obstacles()));
  }

  /** Skips what this kernel cannot do, as loudly. */
  static void require(boolean possible, String what) {
    if (!possible) {
      throw new TestAbortedException(notRun(what));
    }
  }

  @SuppressWarnings("SystemOut") // Loud: a skipped live test must not look like a passed one.
  private static String notRun(String what) {
    String reason = "LIVE TESTS NOT RUN in " + what;
    if ("required".equals(System.getenv("NOSLABLEAK_LIVE"))) {
      throw new IllegalStateException(reason);
    }
    System.err.println(reason);
    return reason;
  }
}
