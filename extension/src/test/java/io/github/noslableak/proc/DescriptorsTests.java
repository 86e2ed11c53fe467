package io.github.noslableak.proc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.proc.Descriptors.Kind;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DescriptorsTests {

  @ParameterizedTest
  @CsvSource({
    "socket:[4711], SOCKET",
    "pipe:[4711], PIPE",
    "anon_inode:[eventpoll], EPOLL",
    "anon_inode:[eventfd], EVENT",
    "anon_inode:inotify, EVENT",
    "/dev/null, FILE",
    "/srv/socket:[4711], FILE",
    "/tmp/gone (deleted), FILE",
    "/memfd:x (deleted), FILE",
    "net:[4026531840], FILE"
  })
  void a_kind_is_told_by_the_links_target(String target, Kind kind) {
    assertThat(Kind.of(target)).isEqualTo(kind);
  }

  @ParameterizedTest
  @EnumSource
  void the_plural_ends_in_s_because_reports_cut_it_off(Kind kind) {
    assertThat(kind.plural()).endsWith("s");
  }

  @Test
  void each_kind_is_counted() {
    Descriptors descriptors =
        new Descriptors(
            Map.of(0, "/dev/null", 3, "socket:[1]", 4, "socket:[2]", 5, "anon_inode:[eventpoll]"));

    assertThat(descriptors.count(Kind.SOCKET)).isEqualTo(2);
    assertThat(descriptors.count(Kind.FILE)).isEqualTo(1);
    assertThat(descriptors.count(Kind.EPOLL)).isEqualTo(1);
    assertThat(descriptors.count(Kind.EVENT)).isZero();
    assertThat(descriptors.count(Kind.PIPE)).isZero();
  }

  /** As that of a directory of a test that is over. */
  @Test
  void a_file_is_the_same_when_its_name_is_removed() {
    Descriptors before = new Descriptors(Map.of(3, "/tmp/note", 4, "/tmp/other"));
    Descriptors after = new Descriptors(Map.of(3, "/tmp/note (deleted)"));

    assertThat(before.without(after).targets()).isEqualTo(Map.of(4, "/tmp/other"));
    assertThat(before.alsoIn(after).targets()).isEqualTo(Map.of(3, "/tmp/note"));
    assertThat(after.openedSince(before)).isEmpty();
    assertThat(after.openedSince(new Descriptors(Map.of()))).containsExactly("/tmp/note (deleted)");
  }

  @Test
  void what_was_opened_since_is_what_is_there_under_a_number_that_had_another_target() {
    Descriptors before = new Descriptors(Map.of(0, "/dev/null", 3, "socket:[1]", 4, "socket:[2]"));
    Descriptors after =
        new Descriptors(
            Map.of(
                0,
                "/dev/null",
                3,
                "socket:[9]",
                5,
                "/srv/b",
                6,
                "/srv/a",
                7,
                "/srv/a",
                8,
                "socket:[2]"));

    assertThat(after.openedSince(before))
        .containsExactly("/srv/a", "/srv/a", "/srv/b", "socket:[2]", "socket:[9]");
    assertThat(after.openedSince(after)).isEmpty();
  }

  @Test
  void a_listing_does_not_change_afterwards() {
    Map<Integer, String> targets = new HashMap<>(Map.of(0, "/dev/null"));
    Descriptors descriptors = new Descriptors(targets);

    targets.put(3, "socket:[1]");

    assertThat(descriptors.targets()).containsOnlyKeys(0);
  }
}
