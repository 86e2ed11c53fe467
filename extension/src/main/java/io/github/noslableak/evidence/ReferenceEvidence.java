package io.github.noslableak.evidence;

import java.util.List;

/** The references that kernel modules take and do not return while a body is run again. */
final class ReferenceEvidence implements EvidenceSource {

  private final List<String> modules;
  private FollowedReferences references = FollowedReferences.none();

  /**
   * Makes one that follows these modules.
   *
   * @param modules their names; none for all that are loaded
   */
  ReferenceEvidence(List<String> modules) {
    this.modules = List.copyOf(modules);
  }

  @Override
  public void rerunning() {
    references = FollowedReferences.open(modules);
  }

  /** Asks before it stops: what is not asked in time is not known. */
  @Override
  public void reran() {
    references.ask();
    references.close();
  }

  @Override
  public void brokeOff() {
    references.close();
  }

  @Override
  public void facts(Grown grown, Facts facts) {
    facts.add(references.unreturned());
  }

  @Override
  public void close() {
    references.close();
  }
}
