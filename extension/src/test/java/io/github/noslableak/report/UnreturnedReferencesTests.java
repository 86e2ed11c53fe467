package io.github.noslableak.report;

import static io.github.noslableak.report.UnreturnedReferenceTests.missing;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.report.UnreturnedReference.Call;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UnreturnedReferencesTests {

  private static List<String> lines(UnreturnedReferences references) {
    return references.section("Meanwhile:").rendered();
  }

  private static UnreturnedReference of(String caller, long unreturned) {
    return missing(new Call("path_get", caller), unreturned, unreturned);
  }

  @Test
  void those_that_miss_most_come_first() {
    assertThat(
            lines(
                new UnreturnedReferences(
                    List.of(of("b [m]", 2), of("c [m]", 3), of("a [m]", 2)), 0, Optional.empty())))
        .containsExactly(
            "Which reference was not returned",
            "  Meanwhile:",
            "    c [m] took 3 references with path_get, and none was returned.",
            "    a [m] took 2 references with path_get, and none was returned.",
            "    b [m] took 2 references with path_get, and none was returned.");
  }

  @Test
  void losses_are_said() {
    assertThat(lines(new UnreturnedReferences(List.of(of("a [m]", 2)), 1_200, Optional.empty())))
        .last()
        .isEqualTo(
            "    1,200 calls were not recorded, so that these numbers may be too high or too low.");
    assertThat(lines(new UnreturnedReferences(List.of(of("a [m]", 2)), 1, Optional.empty())))
        .last()
        .isEqualTo(
            "    1 call was not recorded, so that these numbers may be too high or too low.");
  }

  @Test
  void losses_alone_say_nothing() {
    assertThat(lines(new UnreturnedReferences(List.of(), 1_200, Optional.empty()))).isEmpty();
    assertThat(lines(UnreturnedReferences.none())).isEmpty();
  }

  @Test
  void what_was_not_followed_names_nobody() {
    UnreturnedReferences unfollowed =
        UnreturnedReferences.unfollowed("this kernel has no kprobes; run these tests elsewhere");

    assertThat(unfollowed.namesFunctions()).isFalse();
    assertThat(lines(unfollowed))
        .containsExactly(
            "Which reference was not returned",
            "  References were not followed: this kernel has no kprobes; run these tests elsewhere");
  }
}
