package io.github.noslableak.evidence;

import io.github.noslableak.kernel.KernelFileException;
import io.github.noslableak.kernel.KernelProfile;
import io.github.noslableak.slab.SlabCache;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * All sources of evidence of one measurement: tells each what happens, and gathers what they say.
 *
 * <p>Whoever measures calls, in this order: {@link #opening}, counts, {@link #opened}; where there
 * is a suspicion {@link #suspicion}, drops caches, {@link #rerunning}, runs the body again, {@link
 * #ran}, and {@link #reran} or {@link #brokeOff}; after the last count, where something was found,
 * {@link #facts}.
 */
public final class Evidence implements AutoCloseable {

  /**
   * What is looked at only on demand.
   *
   * @param modules the kernel modules whose references are followed, none for all that are loaded;
   *     empty where references are not followed
   * @param javaOpens whether it is recorded where Java code opens descriptors
   */
  public record Wanted(Optional<List<String>> modules, boolean javaOpens) {}

  private final List<EvidenceSource> sources;
  private final ToLongFunction<SlabCache> slotBytes;

  /**
   * Makes that of these sources.
   *
   * @param sources in the order in which they look
   * @param slotBytes tells how many bytes an object of a cache takes
   */
  public Evidence(List<EvidenceSource> sources, ToLongFunction<SlabCache> slotBytes) {
    this.sources = List.copyOf(sources);
    this.slotBytes = slotBytes;
  }

  /**
   * Opens what must be open from before the opening count on.
   *
   * @param watched the caches that are judged
   * @param first whether this is the first measurement of this JVM, in which what leaves something
   *     for as long as the JVM lives is done once for nothing
   * @throws KernelFileException if a file cannot be opened
   */
  public static Evidence open(
      KernelProfile profile, List<SlabCache> watched, Wanted wanted, boolean first)
      throws KernelFileException {
    if (first && wanted.javaOpens()) {
      JavaOpenEvidence.rehearse();
    }
    MachineEvidence machine = MachineEvidence.open(profile, watched);
    List<EvidenceSource> sources = new ArrayList<>();
    // In this order: the machine first, before others open files; then what is left, before garbage
    // is collected; and then this JVM, before others need descriptors.
    sources.add(machine);
    sources.add(new ObjectEvidence());
    if (wanted.javaOpens()) {
      sources.add(new JavaOpenEvidence());
    }
    sources.add(new DescriptorEvidence());
    sources.add(new RegistrationEvidence());
    sources.add(new UseEvidence());
    sources.add(new ZombieEvidence());
    sources.add(new ProcessEvidence());
    sources.add(new PointerEvidence());
    wanted.modules().map(ReferenceEvidence::new).ifPresent(sources::add);
    sources.add(new SlubDebugEvidence(watched));
    sources.add(new KmemleakEvidence());
    return new Evidence(sources, machine::slotBytes);
  }

  /** Told before the opening count, and before another one that takes its place. */
  public void opening() {
    sources.forEach(EvidenceSource::opening);
  }

  /** Told right after the opening count. */
  public void opened() {
    sources.forEach(EvidenceSource::opened);
  }

  /** Returns how many bytes an object of a cache takes, 0 where that is not known. */
  public long slotBytes(SlabCache cache) {
    return slotBytes.applyAsLong(cache);
  }

  /**
   * Told before the body is run again. This collects garbage, and makes dentries and inodes: what
   * is counted next should drop caches before.
   *
   * @param most how long looking at one thing may take
   */
  public void suspicion(Duration most) {
    sources.forEach(source -> source.suspicion(most));
  }

  /**
   * Told right before the body is run again, and before its allocations are followed, so that the
   * classes which recording loads are not found among what lives.
   */
  public void rerunning() {
    sources.forEach(EvidenceSource::rerunning);
  }

  /**
   * Told right after the rounds, before anything had time to go away.
   *
   * @param left where what they left of the watched caches lies, as far as that was followed
   */
  public void ran(Set<Followed.At> left) {
    sources.forEach(source -> source.ran(left));
  }

  /**
   * Told when the rounds and the teardown are over and everything had time to go away, before the
   * last count: what recording holds open is no growth of the test.
   */
  public void reran() {
    sources.forEach(EvidenceSource::reran);
  }

  /** Told instead where the rounds broke off, or nothing is known of them. */
  public void brokeOff() {
    sources.forEach(EvidenceSource::brokeOff);
  }

  /**
   * Looks once more and says what is different. This may take seconds, so only a finding asks; and
   * it opens files, so after everything is counted.
   *
   * @throws java.io.UncheckedIOException if the machine's figures cannot be read any more
   * @throws io.github.noslableak.kernel.MalformedKernelDataException if they have another form
   */
  public Facts facts(Grown grown) {
    sources.forEach(source -> source.lookAgain(grown));
    Facts facts = new Facts();
    sources.forEach(source -> source.facts(grown, facts));
    return facts;
  }

  /** Closes all sources, also where one of them fails. A second call does nothing. */
  @Override
  public void close() {
    List<RuntimeException> failures = new ArrayList<>();
    for (EvidenceSource source : sources) {
      try {
        source.close();
      } catch (RuntimeException e) {
        failures.add(e);
      }
    }
    if (!failures.isEmpty()) {
      RuntimeException first = failures.get(0);
      failures.stream().skip(1).forEach(first::addSuppressed);
      throw first;
    }
  }
}
