package io.github.noslableak.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class NamedProcessesTests {

  private final List<String> there = new ArrayList<>(List.of("systemd", "a-service-with-"));
  private int looks;

  private NamedProcesses named(String... names) {
    return new NamedProcesses(
        Set.of(names),
        () -> {
          looks++;
          return there;
        });
  }

  @Test
  void without_names_nobody_looks() {
    NamedProcesses named = named();
    named.look();

    assertThat(named.obstacle()).isEmpty();
    assertThat(looks).isZero();
  }

  @Test
  void who_was_seen_once_is_not_looked_for_again() {
    NamedProcesses named = named("systemd");
    named.look();
    named.look();

    assertThat(named.obstacle()).isEmpty();
    assertThat(looks).isEqualTo(1);
  }

  @Test
  void the_kernel_keeps_fifteen_bytes_of_a_name() {
    NamedProcesses named = named("a-service-with-a-long-name");
    named.look();

    assertThat(named.obstacle()).isEmpty();
  }

  @Test
  void who_comes_later_is_seen_and_who_never_comes_is_an_obstacle() {
    NamedProcesses named = named("ngnix", "redis-server", "relay");
    named.look();
    there.add("redis-server");
    named.look();

    assertThat(named.obstacle())
        .contains(
            "the allocations of ngnix and relay count as its own, and no process was called that,"
                + " neither before nor after");
  }

  @Test
  void where_nobody_can_be_seen_nobody_is_missed() {
    NamedProcesses named =
        new NamedProcesses(
            Set.of("nginx"),
            () -> {
              throw new IOException("no /proc");
            });
    named.look();

    assertThat(named.obstacle()).isEmpty();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void this_machine_has_a_java() {
    NamedProcesses named =
        NamedProcesses.of(
            Plan.builder("it", List.of("dentry")).processes(Set.of("java", "ngnix")).build());
    named.look();

    assertThat(named.obstacle())
        .hasValueSatisfying(obstacle -> assertThat(obstacle).contains("of ngnix count"));
  }
}
