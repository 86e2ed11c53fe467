package io.github.noslableak.evidence;

import io.github.noslableak.kernel.MalformedKernelDataException;
import io.github.noslableak.kernel.Obstacle;
import io.github.noslableak.trace.ref.ReferenceLedger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The references that kernel modules take and return, followed as far as this kernel allows it. It
 * is evidence: where it cannot be had, a report says why and stands without.
 */
public final class FollowedReferences implements AutoCloseable {

  private final @Nullable ReferenceLedger ledger;
  private Optional<Obstacle> obstacle;
  private @Nullable List<String> sentences;

  private FollowedReferences(@Nullable ReferenceLedger ledger, Optional<Obstacle> obstacle) {
    this.ledger = ledger;
    this.obstacle = obstacle;
  }

  /** Follows none. */
  public static FollowedReferences none() {
    return new FollowedReferences(null, Optional.empty());
  }

  /**
   * Follows those of these modules from now on.
   *
   * @param modules their names; none for all that are loaded
   */
  public static FollowedReferences open(List<String> modules) {
    Optional<Obstacle> obstacle = ReferenceLedger.obstacle(modules);
    if (obstacle.isPresent()) {
      return new FollowedReferences(null, obstacle);
    }
    try {
      return new FollowedReferences(ReferenceLedger.open(modules), Optional.empty());
    } catch (IOException | UncheckedIOException | MalformedKernelDataException e) {
      return new FollowedReferences(null, Optional.of(failure(e)));
    }
  }

  private static Obstacle failure(Exception e) {
    return new Obstacle(String.valueOf(e.getMessage()), "see the kernel's log: dmesg");
  }

  /** Asks who took references and did not return them. A second call does nothing. */
  public void ask() {
    if (ledger != null && sentences == null) {
      try {
        sentences = ledger.balance().lines();
      } catch (UncheckedIOException | MalformedKernelDataException e) {
        sentences = List.of();
        obstacle = Optional.of(failure(e));
      }
    }
  }

  /**
   * Returns what a report says of it: who took references and did not return them, a sentence each,
   * or why that was not followed.
   *
   * @param when in which time, as the beginning of a sentence
   */
  public List<String> lines(String when) {
    ask();
    List<String> found = sentences;
    if (found != null && !found.isEmpty()) {
      return Stream.concat(Stream.of(when), found.stream().map(sentence -> "  " + sentence))
          .toList();
    }
    return obstacle.stream().map(why -> "References were not followed: " + why.sentence()).toList();
  }

  /** Stops and removes everything from the kernel. A second call does nothing. */
  @Override
  public void close() {
    if (ledger != null) {
      ledger.close();
      if (sentences == null) {
        sentences = List.of(); // Nobody asked in time.
      }
    }
  }
}
