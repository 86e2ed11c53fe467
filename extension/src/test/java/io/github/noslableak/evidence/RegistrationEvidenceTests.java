package io.github.noslableak.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.evidence.RegistrationEvidence.Registry;
import io.github.noslableak.report.Registered;
import io.github.noslableak.report.Registration;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RegistrationEvidenceTests {

  private static final Registry INOTIFY = new Registry(7, "anon_inode:inotify");
  private static final Registry EPOLL = new Registry(8, "anon_inode:[eventpoll]");

  private final Deque<Map<Registry, Long>> looks = new ArrayDeque<>();

  private List<Registration> found(long leftByRounds, boolean hasRounds) {
    RegistrationEvidence evidence = new RegistrationEvidence(looks::removeFirst);
    Grown grown =
        new Grown(Set.of("filp"), Map.of("filp", leftByRounds), true, hasRounds, Optional.empty());
    evidence.suspicion(Duration.ofMillis(1));
    evidence.lookAgain(grown);
    Facts facts = new Facts();
    facts.add(
        new Facts.OfMachine(FactsTests.MACHINE, Optional.empty(), List.of(), OptionalLong.empty()));
    evidence.facts(grown, facts);
    return facts.evidence(Optional.empty()).orElseThrow().holders().inKernel().registrations();
  }

  @Test
  void as_many_as_the_rounds_left_are_told() {
    looks.add(Map.of(INOTIFY, 2L, EPOLL, 4L));
    looks.add(Map.of(INOTIFY, 5L, EPOLL, 6L));

    assertThat(found(3, true))
        .containsExactly(new Registration(Registered.WATCH, "anon_inode:inotify", 3));
  }

  @Test
  void what_a_descriptor_had_that_was_opened_since_is_not() {
    looks.add(Map.of());
    looks.add(Map.of(EPOLL, 9L));

    assertThat(found(3, true)).isEmpty();
  }

  @Test
  void without_rounds_nothing_is() {
    looks.add(Map.of(EPOLL, 1L));

    assertThat(found(1, false)).isEmpty();
  }
}
