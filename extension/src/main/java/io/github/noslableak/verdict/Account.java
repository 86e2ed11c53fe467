package io.github.noslableak.verdict;

import java.util.Optional;

/**
 * One cache over one period, in both books: the machine's counter, which is exact and cannot say
 * whose an object is, and the ledger, which can and does not see what the kernel does not trace.
 *
 * @param cache the cache's name
 * @param opening the counter's objects when the period began
 * @param closing its objects when the period ended
 * @param unrest by how many objects it moved by itself at both times; 0 at rest
 * @param booked what the ledger says; empty where allocations are not followed
 */
public record Account(
    String cache, long opening, long closing, long unrest, Optional<Booked> booked) {

  /**
   * What the ledger says of a period.
   *
   * @param own objects that the test allocated in the period and that are left
   * @param collected more such objects, which were left until a garbage collection after the period
   * @param perhaps more such objects, which were left until the teardown, or until a garbage
   *     collection in its course; or which a garbage collection had closed for them
   * @param kept objects that were kept to be used again, and are not left: they went away when all
   *     that only takes its time had gone. 0 where the period took the place of an earlier one's
   * @param grown by how many objects the cache grew in the period, those of everybody
   */
  public record Booked(long own, long collected, long perhaps, long kept, long grown) {}

  /** Returns by how many objects the counter grew. */
  public long counted() {
    return closing - opening;
  }

  /** Returns by how many objects the counter grew beyond what the ledger knows of. */
  public long discrepancy() {
    return counted() - booked.map(Booked::grown).orElse(0L);
  }

  /**
   * Returns how many objects are left of the period, of those of one origin.
   *
   * @param whose the test's, those that no ledger holds, or everybody's by the counter alone
   */
  public Range left(Whose whose) {
    if (whose == Whose.UNKNOWN || booked.isEmpty()) {
      return Range.around(counted(), unrest);
    }
    if (whose == Whose.UNBOOKED) {
      return Range.around(discrepancy(), unrest);
    }
    long own = booked.get().own() + booked.get().collected();
    return new Range(own, own + booked.get().perhaps());
  }

  /** Returns the account as a round of a confirmation. */
  public Round round(Whose whose, int iterations) {
    Range left = left(whose);
    long middle = Math.floorDiv(left.least() + left.most(), 2L);
    return new Round(iterations, middle, left.most() - middle); // Of an odd range no half is lost.
  }
}
