package io.github.noslableak.evidence;

import io.github.noslableak.report.Booked;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What kmemleak has found since the body was run again; has it look anew where there is a leak. */
final class KmemleakEvidence implements EvidenceSource {

  private static final int MOST_BOOKED = 4;

  private final TwoLooks<Kmemleak> looks;

  KmemleakEvidence() {
    this(Kmemleak::read, Kmemleak::scan);
  }

  /**
   * Makes one that asks others.
   *
   * @param read reads what was found until now
   * @param scan has the memory scanned and reads
   */
  KmemleakEvidence(Supplier<Optional<Kmemleak>> read, Supplier<Optional<Kmemleak>> scan) {
    this.looks = new TwoLooks<>(read, scan);
  }

  @Override
  public void suspicion(Duration most) {
    looks.before();
  }

  @Override
  public void lookAgain(Grown grown) {
    looks.now(grown);
  }

  @Override
  public void facts(Grown grown, Facts facts) {
    facts.addBooked(looks.compared((earlier, later) -> booked(later.since(earlier), grown)));
  }

  /** What is at least half of what running the body again left. */
  private static List<Booked> booked(List<Kmemleak.Group> groups, Grown grown) {
    return groups.stream()
        .filter(group -> 2 * group.objects() >= grown.fewestLeft())
        .limit(MOST_BOOKED)
        .<Booked>map(
            group -> new Booked.Unreferenced(group.bytes(), group.objects(), group.stack()))
        .toList();
  }
}
