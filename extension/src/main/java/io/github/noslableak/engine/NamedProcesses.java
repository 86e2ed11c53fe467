package io.github.noslableak.engine;

import io.github.noslableak.proc.Owner;
import io.github.noslableak.proc.ProcessScan;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The processes whose allocations a plan counts as the test's own, as far as they were seen. Those
 * of all others do not count then; so a name that nobody bears would excuse the one it was meant
 * for.
 */
final class NamedProcesses {

  /** Asks who there is. */
  @FunctionalInterface
  interface Look {
    Collection<String> names() throws IOException;
  }

  private final Look look;
  private final Set<String> unseen;

  NamedProcesses(Set<String> names, Look look) {
    this.look = look;
    this.unseen = new TreeSet<>(names);
  }

  /** Makes those of a plan on this machine. */
  static NamedProcesses of(Plan plan) {
    return new NamedProcesses(
        plan.processes(),
        () ->
            ProcessScan.processes().values().stream()
                .map(process -> process.name())
                .collect(Collectors.toSet()));
  }

  /** Looks for those that were not seen yet; where there are none, it costs nothing. */
  void look() {
    if (unseen.isEmpty()) {
      return;
    }
    try {
      Collection<String> there = look.names();
      unseen.removeIf(called -> there.stream().anyMatch(name -> Owner.isCalled(name, called)));
    } catch (IOException e) {
      unseen.clear(); // Where nobody can be seen, nobody is missed.
    }
  }

  /** Returns why a test cannot be judged that is not found to leak, if a name was never seen. */
  Optional<String> obstacle() {
    List<String> names = List.copyOf(unseen);
    return names.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "the allocations of "
                + String.join(" and ", names)
                + " count as its own, and no process was called that, neither before nor after");
  }
}
