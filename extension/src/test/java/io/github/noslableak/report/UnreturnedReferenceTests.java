package io.github.noslableak.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.report.UnreturnedReference.Call;
import io.github.noslableak.report.UnreturnedReference.GivenNull;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnreturnedReferenceTests {

  private static final Call PATH_GET = new Call("path_get", "leaky_pre_close [leaky]");
  private static final Call PATH_PUT = new Call("path_put", "leaky_post_close [leaky]");

  static final UnreturnedReference PLAIN = missing(PATH_GET, 3, 3);

  static UnreturnedReference missing(Call taker, long taken, long unreturned) {
    return new UnreturnedReference(
        List.of(taker), false, taken, unreturned, List.of(), List.of(), List.of());
  }

  private static UnreturnedReference returned(long taken, long unreturned, Call returner) {
    return new UnreturnedReference(
        List.of(PATH_GET), false, taken, unreturned, List.of(), List.of(returner), List.of());
  }

  private static UnreturnedReference nulled(long taken, long unreturned, GivenNull... nulls) {
    return new UnreturnedReference(
        List.of(PATH_GET),
        false,
        taken,
        unreturned,
        List.of(),
        unreturned < taken ? List.of(PATH_PUT) : List.of(),
        List.of(nulls));
  }

  private static UnreturnedReference named(int names) {
    return new UnreturnedReference(
        List.of(PATH_GET),
        false,
        8,
        7,
        List.of("file-0", "file-1", "file-2", "file-4", "file-5", "file-6", "file-7")
            .subList(0, names),
        List.of(PATH_PUT),
        List.of());
  }

  // How many

  @Test
  void references_of_which_none_was_returned() {
    assertThat(missing(PATH_GET, 2, 2).lines())
        .containsExactly(
            "leaky_pre_close [leaky] took 2 references with path_get, and none was returned.");
    assertThat(missing(PATH_GET, 4_060, 4_060).lines())
        .containsExactly(
            "leaky_pre_close [leaky] took 4,060 references with path_get, and none was returned.");
  }

  @Test
  void the_only_reference() {
    assertThat(missing(PATH_GET, 1, 1).lines())
        .containsExactly(
            "leaky_pre_close [leaky] took 1 reference with path_get, and it was not returned.");
  }

  @Test
  void references_of_which_some_were_returned() {
    assertThat(returned(10, 1, PATH_PUT).lines())
        .containsExactly(
            "leaky_pre_close [leaky] took 10 references with path_get, and 1 was not returned;"
                + " leaky_post_close [leaky] returned the others with path_put.");
  }

  @Test
  void references_that_nobody_is_known_to_have_returned() {
    assertThat(missing(PATH_GET, 10, 2).lines())
        .containsExactly(
            "leaky_pre_close [leaky] took 10 references with path_get, and 2 were not returned.");
  }

  // NULL

  @Test
  void NULL_was_returned_for_each() {
    assertThat(nulled(406, 406, new GivenNull(PATH_PUT, 406)).lines())
        .containsExactly(
            "leaky_pre_close [leaky] took 406 references with path_get;"
                + " 406 path_put calls from leaky_post_close [leaky] were given NULL.");
  }

  @Test
  void references_of_which_some_were_returned_and_others_nulled() {
    assertThat(nulled(10, 2, new GivenNull(PATH_PUT, 2)).lines())
        .containsExactly(
            "leaky_pre_close [leaky] took 10 references with path_get, and 2 were not returned;"
                + " 2 path_put calls from leaky_post_close [leaky] were given NULL.");
  }

  @Test
  void some_are_nulled_and_some_forgotten() {
    assertThat(nulled(3, 3, new GivenNull(PATH_PUT, 1)).lines())
        .containsExactly(
            "leaky_pre_close [leaky] took 3 references with path_get, and none was returned;"
                + " 1 path_put call from leaky_post_close [leaky] was given NULL.");
  }

  @Test
  void several_functions_that_were_given_NULL_are_each_named() {
    assertThat(
            nulled(
                    5,
                    5,
                    new GivenNull(PATH_PUT, 3),
                    new GivenNull(new Call("dput", "leaky_error [leaky]"), 2))
                .lines())
        .containsExactly(
            "leaky_pre_close [leaky] took 5 references with path_get;"
                + " 3 path_put calls from leaky_post_close [leaky] were given NULL;"
                + " 2 dput calls from leaky_error [leaky] were given NULL.");
  }

  // Whose and what

  @Test
  void where_several_took_one_object_all_are_named() {
    assertThat(
            new UnreturnedReference(
                    List.of(
                        new Call("path_get", "leaky_note_volume [leaky]"),
                        PATH_GET,
                        new Call("mntget", "leaky_pre_close [leaky]")),
                    false,
                    2,
                    1,
                    List.of(),
                    List.of(PATH_PUT),
                    List.of())
                .lines())
        .containsExactly(
            "leaky_note_volume [leaky] and leaky_pre_close [leaky] took 2 references with"
                + " path_get and mntget, and 1 was not returned; leaky_post_close [leaky] returned"
                + " the others with path_put.");
  }

  @Test
  void a_mount_that_is_forgotten_is_told_from_a_path() {
    assertThat(
            new UnreturnedReference(
                    List.of(new Call("mntget", "leaky_note_volume [leaky]")),
                    true,
                    1,
                    1,
                    List.of(),
                    List.of(),
                    List.of())
                .lines())
        .containsExactly(
            "leaky_note_volume [leaky] took 1 reference on mounts with mntget, and it was not"
                + " returned.");
  }

  @Test
  void a_dentry_that_a_function_returned_is_its_callers() {
    assertThat(
            new UnreturnedReference(
                    List.of(new Call("dget_parent", "leaky_pre_close [leaky]")),
                    false,
                    2,
                    1,
                    List.of(),
                    List.of(new Call("dput", "leaky_post_close [leaky]")),
                    List.of())
                .lines())
        .containsExactly(
            "leaky_pre_close [leaky] took 2 references with dget_parent, and 1 was not returned;"
                + " leaky_post_close [leaky] returned the others with dput.");
  }

  // Names

  @Test
  void the_names_whose_references_are_missing_are_told() {
    assertThat(named(7).lines())
        .containsExactly(
            "leaky_pre_close [leaky] took 8 references with path_get, and 7 were not returned;"
                + " leaky_post_close [leaky] returned the others with path_put.",
            "  on file-0, file-1, file-2, file-4, file-5 and 2 other names");
  }

  @Test
  void few_names_are_all_told() {
    assertThat(named(5).lines()).last().isEqualTo("  on file-0, file-1, file-2, file-4, file-5");
    assertThat(named(0).lines()).hasSize(1);
  }
}
