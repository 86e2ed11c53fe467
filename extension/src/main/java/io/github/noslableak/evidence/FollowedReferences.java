package io.github.noslableak.evidence;

import io.github.noslableak.kernel.MalformedKernelDataException;
import io.github.noslableak.kernel.Obstacle;
import io.github.noslableak.report.UnreturnedReference;
import io.github.noslableak.report.UnreturnedReferences;
import io.github.noslableak.trace.ref.ReferenceBalance;
import io.github.noslableak.trace.ref.ReferenceLedger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The references that kernel modules take and return, followed as far as this kernel allows it. It
 * is evidence: where it cannot be had, a report says why and stands without.
 */
public final class FollowedReferences implements AutoCloseable {

  private final @Nullable ReferenceLedger ledger;
  private Optional<UnreturnedReferences> answer;

  private FollowedReferences(
      @Nullable ReferenceLedger ledger, Optional<UnreturnedReferences> answer) {
    this.ledger = ledger;
    this.answer = answer;
  }

  /** Follows none. */
  public static FollowedReferences none() {
    return new FollowedReferences(null, Optional.of(UnreturnedReferences.none()));
  }

  /**
   * Follows those of these modules from now on.
   *
   * @param modules their names; none for all that are loaded
   */
  public static FollowedReferences open(List<String> modules) {
    Optional<Obstacle> obstacle = ReferenceLedger.obstacle(modules);
    if (obstacle.isPresent()) {
      return new FollowedReferences(null, obstacle.map(FollowedReferences::unfollowed));
    }
    try {
      return new FollowedReferences(ReferenceLedger.open(modules), Optional.empty());
    } catch (IOException | UncheckedIOException | MalformedKernelDataException e) {
      return new FollowedReferences(null, Optional.of(unfollowed(failure(e))));
    }
  }

  private static Obstacle failure(Exception e) {
    return new Obstacle(String.valueOf(e.getMessage()), "see the kernel's log: dmesg");
  }

  private static UnreturnedReferences unfollowed(Obstacle obstacle) {
    return UnreturnedReferences.unfollowed(obstacle.sentence());
  }

  /** Asks who took references and did not return them. A second call does nothing. */
  public void ask() {
    if (ledger != null && answer.isEmpty()) {
      try {
        answer = Optional.of(unreturned(ledger.balance()));
      } catch (UncheckedIOException | MalformedKernelDataException e) {
        answer = Optional.of(unfollowed(failure(e)));
      }
    }
  }

  /** Returns who took references and did not return them, or why that was not followed. */
  public UnreturnedReferences unreturned() {
    ask();
    return answer.orElseGet(UnreturnedReferences::none);
  }

  /** Says in a report's terms what a ledger saw. */
  public static UnreturnedReferences unreturned(ReferenceBalance balance) {
    return new UnreturnedReferences(
        balance.culprits().stream().map(FollowedReferences::unreturned).toList(),
        balance.lostEvents(),
        Optional.empty());
  }

  private static UnreturnedReference unreturned(ReferenceBalance.Culprit culprit) {
    return new UnreturnedReference(
        calls(culprit.takers()),
        culprit.onMounts(),
        culprit.taken(),
        culprit.unreturned(),
        culprit.names(),
        calls(culprit.returners()),
        culprit.givenNull().stream()
            .map(nulls -> new UnreturnedReference.GivenNull(call(nulls.call()), nulls.calls()))
            .toList());
  }

  private static List<UnreturnedReference.Call> calls(List<ReferenceBalance.Call> calls) {
    return calls.stream().map(FollowedReferences::call).toList();
  }

  private static UnreturnedReference.Call call(ReferenceBalance.Call call) {
    return new UnreturnedReference.Call(call.function(), call.caller().displayName());
  }

  /** Stops and removes everything from the kernel. A second call does nothing. */
  @Override
  public void close() {
    if (ledger != null) {
      ledger.close();
      if (answer.isEmpty()) {
        answer = Optional.of(UnreturnedReferences.none()); // Nobody asked in time.
      }
    }
  }
}
