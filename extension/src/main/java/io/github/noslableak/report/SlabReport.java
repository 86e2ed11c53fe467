package io.github.noslableak.report;

import java.util.List;
import java.util.Optional;

/**
 * All that is known about one measurement.
 *
 * @param test what was measured, as the reader knows it
 * @param conclusion what the numbers say
 * @param counting how was counted
 * @param coverage what the verdict does not cover
 * @param evidence what explains a finding; empty for a clean measurement, which need not be
 *     explained
 */
public record SlabReport(
    String test,
    Conclusion conclusion,
    Counting counting,
    Coverage coverage,
    Optional<Evidence> evidence) {

  /**
   * What explains a finding.
   *
   * @param allocations who allocated what is left, where allocations were followed
   * @param references who took references and did not return them
   * @param left what the objects are that are left
   * @param holders who may hold what grew
   * @param machine the rest of the machine
   */
  public record Evidence(
      Optional<Allocations> allocations,
      UnreturnedReferences references,
      LeftBehind left,
      Holders holders,
      Machine machine) {

    /**
     * Returns what the kernel holds the test's objects for, as far as their stacks tell, or their
     * caches.
     */
    List<Purpose> purposes(Conclusion conclusion) {
      return Purpose.of(allocations, conclusion.leaked());
    }
  }
}
