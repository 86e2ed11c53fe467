package io.github.noslableak.evidence;

import io.github.noslableak.report.Booked;
import io.github.noslableak.slab.SlabCache;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What the kernel's own books say of who allocated what running the body again left. */
final class SlubDebugEvidence implements EvidenceSource {

  private static final int MOST_BOOKED = 4;

  private final TwoLooks<AllocTraces> looks;

  SlubDebugEvidence(List<SlabCache> watched) {
    this(() -> AllocTraces.read(watched));
  }

  SlubDebugEvidence(Supplier<Optional<AllocTraces>> read) {
    this.looks = new TwoLooks<>(read, read);
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

  /** What made at least half of what running the body again left. */
  private static List<Booked> booked(List<AllocTraces.Growth> growths, Grown grown) {
    return growths.stream()
        .filter(growth -> grown.isMostOf(growth.cache(), growth.objects()))
        .limit(MOST_BOOKED)
        .<Booked>map(growth -> new Booked.Counted(growth.cache(), growth.objects(), growth.stack()))
        .toList();
  }
}
