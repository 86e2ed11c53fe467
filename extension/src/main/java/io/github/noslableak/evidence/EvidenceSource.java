package io.github.noslableak.evidence;

import java.time.Duration;
import java.util.Set;

/**
 * A place to look at before a body is run again and after, for whoever asks later what is
 * different. Never a verdict: whatever is wrong with it, the verdict stands without.
 *
 * <p>What happens is told in the order of the methods here. Most of it happens only where there is
 * a suspicion, and the last of it only where something was found.
 */
public interface EvidenceSource extends AutoCloseable {

  /**
   * Before the opening count: looks at what must be known from before the test. What looking makes,
   * such as dentries, that count drops.
   */
  default void opening() {}

  /**
   * Right after the opening count: looks at what that count moves. To be read from files that are
   * open already, for what this makes is held against the test.
   */
  default void opened() {}

  /**
   * Before the body is run again: looks. What looking makes is dropped afterwards.
   *
   * @param most how long looking at one thing may take
   */
  default void suspicion(Duration most) {}

  /** Right before the body is run again: begins to record. */
  default void rerunning() {}

  /**
   * The rounds are over.
   *
   * @param left where what they left lies: some of it goes away yet, or a collection closes it
   */
  default void ran(Set<Followed.At> left) {}

  /** The rounds and the teardown are over: stops recording, before the last count. */
  default void reran() {}

  /** The rounds broke off: stops recording, and what was recorded says nothing. */
  default void brokeOff() {}

  /**
   * After the last count, and only where something was found: looks once more. All sources look
   * before any says what is different, because asking the host maps libraries.
   */
  default void lookAgain(Grown grown) {}

  /** Says what is different. */
  void facts(Grown grown, Facts facts);

  /** Gives back what is still open. A second call does nothing. */
  @Override
  default void close() {}
}
