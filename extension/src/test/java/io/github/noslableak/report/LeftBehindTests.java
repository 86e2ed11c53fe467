package io.github.noslableak.report;

import static io.github.noslableak.report.Reports.growth;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LeftBehindTests {

  private static LeftBehind.Left left(String cache, String name, long references) {
    return new LeftBehind.Left(cache, name, OptionalLong.of(references));
  }

  private static String section(LeftBehind left) {
    return Reports.leak(growth("filp", 100, 2, 1, 192)).left(left).section("What they are");
  }

  @Test
  void what_is_left_is_named_by_cache_with_its_references() {
    assertThat(
            section(
                LeftBehind.of(
                    List.of(
                        left("filp", "/etc/hostname", 1),
                        left("dentry", "/etc", 1),
                        left("filp", "/etc/hostname", 1),
                        left("dentry", "/etc/hostname", 902),
                        new LeftBehind.Left(
                            "mnt_cache", "tmpfs t on /mnt", OptionalLong.empty())))))
        .isEqualTo(
            """
              dentry:
                /etc/hostname, 902 references
                /etc, 1 reference
              filp:
                /etc/hostname, 1 reference (2 times)
              mnt_cache:
                tmpfs t on /mnt"""
                .indent(2)
                .stripTrailing());
  }

  @Test
  void a_long_list_is_cut_off() {
    assertThat(
            section(
                LeftBehind.of(
                    IntStream.range(10, 30).mapToObj(i -> left("filp", "/f" + i, 1)).toList())))
        .contains("/f17, 1 reference")
        .doesNotContain("/f18")
        .endsWith("and 12 more");
  }

  @Test
  void what_cannot_be_read_is_said_in_one_line() {
    assertThat(section(LeftBehind.unread("this kernel is locked down (EPERM, not permitted)")))
        .isEqualTo("  Not looked at: this kernel is locked down (EPERM, not permitted).");
  }

  @Test
  void connections_that_were_closed_are_told_where_they_and_their_peers_are_all_that_is_left() {
    LeftBehind.Left closed = left("TCP", "TCP 127.0.0.1:5 -> 127.0.0.1:80 FIN_WAIT1 (closed)", 2);
    LeftBehind.Left peer = left("TCPv6", "TCP 127.0.0.1:80 -> 127.0.0.1:5 ESTABLISHED", 2);

    assertThat(LeftBehind.of(List.of(closed, peer)).closedConnections())
        .containsExactly("TCP 127.0.0.1:5 -> 127.0.0.1:80 FIN_WAIT1 (closed)");
    assertThat(LeftBehind.of(List.of(closed, peer, peer)).closedConnections()).isEmpty();
    assertThat(LeftBehind.of(List.of(closed, left("dentry", "/srv/data", 1))).closedConnections())
        .isEmpty();
  }

  /** Both its ends may be open: shut down for writing, or forgotten by a module. */
  @Test
  void one_that_somebody_has_open_was_not_closed() {
    assertThat(
            LeftBehind.of(
                    List.of(
                        left("TCP", "TCP 127.0.0.1:5 -> 127.0.0.1:80 FIN_WAIT1", 2),
                        left("TCP", "TCP 127.0.0.1:6 -> 127.0.0.1:80 FIN_WAIT2 (closed)", 2)))
                .closedConnections())
        .isEmpty();
  }
}
