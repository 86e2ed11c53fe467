package io.github.noslableak.proc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.verdict.Whose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnerTests {

  /** After an exec the event tells the whole name, and otherwise the kernel's 15 bytes. */
  @ParameterizedTest
  @CsvSource({
    "relayd,              relayd,              true",
    "relayd,              relay,               false",
    "backup-daemon-x86_64, backup-daemon-x86_64, true",
    "backup-daemon-x,     backup-daemon-x86_64, true",
    "backup-daemon-x86_64, backup-daemon-x,     true",
    "backup-daemon-,      backup-daemon-x86_64, false"
  })
  void a_process_is_called_by_what_the_kernel_keeps_of_its_name(
      String name, String process, boolean expected) {
    assertThat(new Owner(Whose.OTHERS, 812, name).isCalled(process)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "OWN,     false, true",
    "KERNEL,  false, true",
    "OTHERS,  true,  false",
    "UNKNOWN, false, false",
    "UNKNOWN, true,  true"
  })
  void whose_birth_was_not_seen_is_own_only_where_events_were_lost(
      Whose whose, boolean lost, boolean expected) {
    assertThat(new Owner(whose, 812, "relayd").isOwn(lost)).isEqualTo(expected);
  }
}
