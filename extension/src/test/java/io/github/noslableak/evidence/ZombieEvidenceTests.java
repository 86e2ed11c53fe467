package io.github.noslableak.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.proc.ProcessStat;
import io.github.noslableak.report.InKernel.Use;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ZombieEvidenceTests {

  private static final int SELF = (int) ProcessHandle.current().pid();
  private static final int PARENT = SELF + 1;
  private static final int OTHER = SELF + 2;

  private final Deque<Map<Integer, ProcessStat>> looks = new ArrayDeque<>();

  private void look(int zombiesOfParent, int zombiesOfOther) {
    Map<Integer, ProcessStat> processes = new HashMap<>();
    processes.put(SELF, new ProcessStat(SELF, "java", 1, false, false, 1));
    processes.put(PARENT, new ProcessStat(PARENT, "relayd", SELF, false, false, 2));
    processes.put(OTHER, new ProcessStat(OTHER, "init", 0, false, false, 0));
    for (int i = 0; i < zombiesOfParent + zombiesOfOther; i++) {
      int number = SELF + 10 + i;
      int parent = i < zombiesOfParent ? PARENT : OTHER;
      processes.put(number, new ProcessStat(number, "cat", parent, false, true, 3));
    }
    looks.add(processes);
  }

  private List<Use> found(String cache, long leftByRounds) {
    ZombieEvidence evidence = new ZombieEvidence(looks::removeFirst);
    Grown grown =
        new Grown(Set.of(cache), Map.of(cache, leftByRounds), true, true, Optional.empty());
    Facts facts = new Facts();
    evidence.suspicion(Duration.ofMillis(1));
    evidence.lookAgain(grown);
    evidence.facts(grown, facts);
    return facts.inKernel().uses();
  }

  @Test
  void a_parent_of_the_test_that_did_not_wait_is_told() {
    look(2, 0);
    look(5, 0);

    assertThat(found("task_struct", 3))
        .containsExactly(
            new Use(
                "relayd ("
                    + PARENT
                    + ") has 3 ended children more than before the body was run again, which it did"
                    + " not wait for (zombies)",
                "Have relayd (" + PARENT + ") wait for its children: waitpid(2)."));
  }

  @Test
  void anybody_else_may_have_some() {
    look(0, 0);
    look(0, 9);

    assertThat(found("task_struct", 3)).isEmpty();
  }

  @Test
  void fewer_than_the_rounds_left_do_not_explain_it() {
    look(2, 0);
    look(4, 0);

    assertThat(found("task_struct", 3)).isEmpty();
  }

  @Test
  void what_no_process_leaves_is_not_looked_for() {
    look(0, 0);

    assertThat(found("sock_inode_cache", 3)).isEmpty();
  }
}
