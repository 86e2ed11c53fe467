package io.github.noslableak.report;

import java.util.List;
import java.util.Optional;

/**
 * Who may hold what leaked: counts from before and after.
 *
 * @param descriptors this JVM's descriptors by kind
 * @param opened what the descriptors refer to that this JVM has open now and had not before
 * @param closedByCollection how many of those a garbage collection closed in the end
 * @param explained whether running the body again opened as many in this JVM as it left objects
 * @param openFiles open files of the whole machine, where these are among what leaked
 * @param mounted what is mounted now and was not before
 * @param elsewhere what other processes and file systems in memory hold; empty where that was not
 *     looked at, because the body was not run again
 * @param openedInJava where Java code opened what is left, or may have
 * @param inKernel what the kernel holds for somebody who is known
 * @param collected whether objects were left only until garbage was collected, so that what this
 *     JVM held may be closed by now
 */
public record Holders(
    List<DescriptorCount> descriptors,
    List<String> opened,
    int closedByCollection,
    boolean explained,
    Optional<OpenFileCount> openFiles,
    List<String> mounted,
    Optional<Elsewhere> elsewhere,
    OpenedInJava openedInJava,
    InKernel inKernel,
    boolean collected) {

  private static final int MOST_HOLDERS = 3;

  /** Open files of all processes and of the kernel itself. */
  public record OpenFileCount(long before, long after) {}

  public Holders {
    descriptors = List.copyOf(descriptors);
    opened = List.copyOf(opened);
    mounted = List.copyOf(mounted);
  }

  /** Makes holders where nothing but this JVM and the machine's counts was looked at. */
  public Holders(
      List<DescriptorCount> descriptors,
      List<String> opened,
      int closedByCollection,
      long openFilesBefore,
      long openFilesAfter,
      List<String> mounted) {
    this(
        descriptors,
        opened,
        closedByCollection,
        false,
        Optional.of(new OpenFileCount(openFilesBefore, openFilesAfter)),
        mounted,
        Optional.empty(),
        OpenedInJava.nothing(),
        InKernel.nothing(),
        false);
  }

  /** Returns the processes that may hold what leaked: others only where this JVM does not. */
  List<HoldingProcess> processes() {
    return elsewhere.stream()
        .flatMap(found -> found.processes().stream())
        .filter(holder -> holder.relation() != Relation.STARTED)
        .filter(holder -> holder.relation() != Relation.NONE || !(isThisJvm() || collected))
        .limit(MOST_HOLDERS)
        .toList();
  }

  /** Returns the processes that the test started and that still run. */
  List<HoldingProcess> started() {
    return elsewhere.stream()
        .flatMap(found -> found.processes().stream())
        .filter(holder -> holder.relation() == Relation.STARTED)
        .toList();
  }

  /**
   * Returns what was registered with descriptors of this JVM. What it has open is registered with a
   * selector too, and goes from there when it is closed.
   */
  List<Registration> registrations() {
    return inKernel.registrations().stream()
        .filter(registration -> registration.what() != Registered.KEY || !isThisJvm())
        .toList();
  }

  /** Returns the files that are left on file systems in memory. */
  List<String> inMemory() {
    return elsewhere.map(Elsewhere::inMemory).orElse(List.of());
  }

  /** Returns whether nobody is known who holds what leaked, but the kernel itself. */
  boolean isUnexplained() {
    return isHeldByNone() && !collected && !isAnotherProcess();
  }

  /** Returns whether nobody holds it any more, and a garbage collection closed it. */
  boolean isGarbage() {
    return isHeldByNone() && collected;
  }

  private boolean isHeldByNone() {
    return !isThisJvm()
        && mounted.isEmpty()
        && processes().isEmpty()
        && started().isEmpty()
        && inMemory().isEmpty()
        && inKernel.equals(InKernel.nothing());
  }

  /** Returns whether this JVM has more descriptors of some kind open than before. */
  boolean isThisJvm() {
    return descriptors.stream().anyMatch(count -> count.growth() > 0);
  }

  /** Returns how many descriptors more there are of the kinds that grew. */
  long growthOfJvm() {
    return descriptors.stream().mapToLong(DescriptorCount::growth).filter(n -> n > 0).sum();
  }

  /**
   * Returns whether fewer descriptors stayed open in this JVM than objects of a cache: then they
   * alone do not explain it. A mount holds many objects, so it leaves the question open.
   */
  boolean isMoreThanThisJvm(long mostLeaked) {
    return isThisJvm()
        && !explained
        && !collected
        && mounted.isEmpty()
        && started().isEmpty()
        && inKernel.equals(InKernel.nothing())
        && growthOfJvm() < mostLeaked;
  }

  /** Returns whether somebody beside this JVM holds some of it, or the kernel does. */
  boolean isBeyondThisJvm(long mostLeaked) {
    return !(isThisJvm() || isGarbage()) || isMoreThanThisJvm(mostLeaked);
  }

  /** Returns whether nobody is known who holds all of it. */
  boolean isBeyondAnybody(long mostLeaked) {
    return (isHeldByNone() && !collected) || isMoreThanThisJvm(mostLeaked);
  }

  /**
   * Returns whether more files are open on the machine and neither this JVM nor a mount explains
   * it. Where one does, files that others open in passing would only mislead; and where all
   * processes were looked into, it is none of them.
   */
  boolean isAnotherProcess() {
    return isHeldByNone()
        && !collected
        && elsewhere.filter(looked -> looked.hidden() == 0).isEmpty()
        && openFiles.filter(count -> count.after() > count.before()).isPresent();
  }
}
