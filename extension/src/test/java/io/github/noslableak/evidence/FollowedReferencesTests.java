package io.github.noslableak.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.report.UnreturnedReference;
import io.github.noslableak.report.UnreturnedReferences;
import io.github.noslableak.trace.Frame;
import io.github.noslableak.trace.ref.ReferenceBalance;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FollowedReferencesTests {

  private static ReferenceBalance.Call call(String function, String caller) {
    return new ReferenceBalance.Call(function, new Frame(caller, Optional.of("leaky")));
  }

  @Test
  void a_report_is_given_all_that_a_ledger_saw() {
    ReferenceBalance balance =
        new ReferenceBalance(
            List.of(
                new ReferenceBalance.Culprit(
                    List.of(call("path_get", "leaky_pre_close.isra.0")),
                    true,
                    10,
                    2,
                    1,
                    List.of("file-1"),
                    List.of(call("path_put", "leaky_post_close")),
                    List.of(new ReferenceBalance.GivenNull(call("dput", "leaky_error"), 4)))),
            24,
            7);

    assertThat(FollowedReferences.unreturned(balance))
        .isEqualTo(
            new UnreturnedReferences(
                List.of(
                    new UnreturnedReference(
                        List.of(
                            new UnreturnedReference.Call("path_get", "leaky_pre_close [leaky]")),
                        true,
                        10,
                        2,
                        List.of("file-1"),
                        List.of(
                            new UnreturnedReference.Call("path_put", "leaky_post_close [leaky]")),
                        List.of(
                            new UnreturnedReference.GivenNull(
                                new UnreturnedReference.Call("dput", "leaky_error [leaky]"), 4)))),
                7,
                Optional.empty()));
  }

  @Test
  void where_none_are_followed_there_is_nothing_to_say() {
    try (FollowedReferences none = FollowedReferences.none()) {
      assertThat(none.unreturned()).isEqualTo(UnreturnedReferences.none());
    }
  }
}
