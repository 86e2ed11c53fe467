package io.github.noslableak.evidence;

import io.github.noslableak.report.Allocations;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What kmemleak has found since the body was run again; has it look anew where there is a leak. */
final class KmemleakEvidence implements EvidenceSource {

  private static final int MOST_BOOKED = 4;

  private final Supplier<Optional<Kmemleak>> read;
  private final Supplier<Optional<Kmemleak>> scan;
  private Optional<Kmemleak> before = Optional.empty();
  private Optional<Kmemleak> now = Optional.empty();

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
    this.read = read;
    this.scan = scan;
  }

  @Override
  public void suspicion(Duration most) {
    before = read.get();
  }

  @Override
  public void lookAgain(Grown grown) {
    if (grown.isLeak() && before.isPresent()) {
      now = scan.get();
    }
  }

  @Override
  public void facts(Grown grown, Facts facts) {
    facts.addBooked(
        before
            .flatMap(earlier -> now.map(later -> booked(later.since(earlier), grown)))
            .orElse(List.of()));
  }

  /** What is at least half of what running the body again left. */
  private static List<Allocations.Booked> booked(List<Kmemleak.Group> groups, Grown grown) {
    return groups.stream()
        .filter(group -> 2 * group.objects() >= grown.fewestLeft())
        .limit(MOST_BOOKED)
        .<Allocations.Booked>map(
            group -> new Allocations.Unreferenced(group.bytes(), group.objects(), group.stack()))
        .toList();
  }
}
