package io.github.noslableak.live;

import io.github.noslableak.kernel.Kernel;
import io.github.noslableak.kernel.KernelProfile;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** See {@link LiveTest}. */
final class LiveKernelCondition implements ExecutionCondition {

  @Override
  @SuppressWarnings("SystemOut") // Loud: a skipped live test must not look like a passed one.
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    KernelProfile profile = Kernel.current().profile();
    if (profile.measurable()) {
      return ConditionEvaluationResult.enabled("the kernel can be measured");
    }
    String reason =
        "LIVE TESTS NOT RUN in " + context.getDisplayName() + ": " + profile.obstacles();
    if ("required".equals(System.getenv("NOSLABLEAK_LIVE"))) {
      throw new IllegalStateException(reason);
    }
    System.err.println(reason);
    return ConditionEvaluationResult.disabled(reason);
  }
}
