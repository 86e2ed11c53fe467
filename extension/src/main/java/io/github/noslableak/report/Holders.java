package io.github.noslableak.report;

import io.github.noslableak.verdict.Whose;
import java.util.List;
import java.util.Optional;

/**
 * Who may hold what leaked: counts from before and after.
 *
 * @param descriptors this JVM's descriptors by kind
 * @param opened what the descriptors refer to that this JVM has open now and had not before
 * @param closedByCollection how many of those a garbage collection closed in the end
 * @param openFiles open files of the whole machine, where these are among what leaked
 * @param mounted what is mounted now and was not before
 * @param elsewhere what other processes and file systems in memory hold; empty where that was not
 *     looked at, because the body was not run again
 * @param openedInJava where Java code opened descriptors of the kinds that grew
 * @param inKernel what the kernel holds for somebody who is known
 * @param collected whether objects were left only until garbage was collected, so that what this
 *     JVM held may be closed by now
 */
public record Holders(
    List<DescriptorCount> descriptors,
    List<String> opened,
    int closedByCollection,
    Optional<OpenFileCount> openFiles,
    List<String> mounted,
    Optional<Elsewhere> elsewhere,
    OpenedInJava openedInJava,
    InKernel inKernel,
    boolean collected) {

  private static final int MOST_HOLDERS = 3;

  /**
   * What a process that holds something is to this JVM. That is another question than {@link
   * Whose}, on whose account an object was made: by the kernel itself too, and by processes that
   * are gone.
   */
  public enum Relation {
    SELF,
    CHILD,
    /** Started by the test while the body was run again, and still running. */
    STARTED,
    NONE
  }

  /** Open files of all processes and of the kernel itself. */
  public record OpenFileCount(long before, long after) {}

  /**
   * What the kernel holds for somebody, since before the body was run again.
   *
   * @param registrations what was registered with descriptors of this JVM
   * @param loops loop devices that were attached
   */
  public record InKernel(List<Registration> registrations, List<Loop> loops) {

    public InKernel {
      registrations = List.copyOf(registrations);
      loops = List.copyOf(loops);
    }

    /** Makes that of a kernel that holds nothing of the kind. */
    public static InKernel nothing() {
      return new InKernel(List.of(), List.of());
    }
  }

  /** What can be registered with a descriptor, and stays until it is cancelled. */
  public enum Registered {
    WATCH("watches", "cancel() the WatchKey, or close() the WatchService"),
    KEY("registered channels", "cancel() the SelectionKey, and select() once more"),
    MARK("marks", "remove them with fanotify_mark(2)");

    private final String plural;
    private final String remedy;

    Registered(String plural, String remedy) {
      this.plural = plural;
      this.remedy = remedy;
    }

    String plural() {
      return plural;
    }

    String remedy() {
      return remedy;
    }
  }

  /**
   * What was registered with a descriptor.
   *
   * @param target what the descriptor refers to
   * @param more how many more there are
   */
  public record Registration(Registered what, String target, long more) {}

  /**
   * A loop device.
   *
   * @param device its path
   * @param file the file behind it
   */
  public record Loop(String device, String file) {}

  /**
   * A process that holds more than before the body was run again.
   *
   * @param relation what it is to this JVM
   * @param total how many more descriptors, mapped files and places it holds
   * @param added what they refer to
   */
  public record Holder(
      String name, int processId, Relation relation, long total, List<String> added) {

    public Holder {
      added = List.copyOf(added);
    }
  }

  /**
   * A process that is stuck in the kernel, as behind a file system whose server does not answer.
   */
  public record Stuck(String name, int processId) {}

  /**
   * What is held outside this JVM and was not before the body was run again.
   *
   * @param processes those that hold more, the most first
   * @param inMemory files and directories on file systems that live in memory
   * @param lookedInto how many processes were looked into
   * @param hidden how many could not be
   * @param complete whether all file systems in memory could be listed
   * @param stuck of the hidden, those of which the kernel did not tell in time
   */
  public record Elsewhere(
      List<Holder> processes,
      List<String> inMemory,
      int lookedInto,
      int hidden,
      boolean complete,
      List<Stuck> stuck) {

    public Elsewhere {
      processes = List.copyOf(processes);
      inMemory = List.copyOf(inMemory);
      stuck = List.copyOf(stuck);
    }

    /** Makes it where the kernel told of each process in time. */
    public Elsewhere(
        List<Holder> processes,
        List<String> inMemory,
        int lookedInto,
        int hidden,
        boolean complete) {
      this(processes, inMemory, lookedInto, hidden, complete, List.of());
    }
  }

  /**
   * Descriptors of one kind.
   *
   * @param kind the kind's name in plural
   */
  public record DescriptorCount(String kind, long before, long after) {

    long growth() {
      return after - before;
    }
  }

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
        Optional.of(new OpenFileCount(openFilesBefore, openFilesAfter)),
        mounted,
        Optional.empty(),
        OpenedInJava.nothing(),
        InKernel.nothing(),
        false);
  }

  /** Returns the processes that may hold what leaked: others only where this JVM does not. */
  List<Holder> processes() {
    return elsewhere.stream()
        .flatMap(found -> found.processes().stream())
        .filter(holder -> holder.relation() != Relation.STARTED)
        .filter(holder -> holder.relation() != Relation.NONE || !(isThisJvm() || collected))
        .limit(MOST_HOLDERS)
        .toList();
  }

  /** Returns the processes that the test started and that still run. */
  List<Holder> started() {
    return elsewhere.stream()
        .flatMap(found -> found.processes().stream())
        .filter(holder -> holder.relation() == Relation.STARTED)
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
   * it. Where one does, files that others open in passing would only mislead.
   */
  boolean isAnotherProcess() {
    return isHeldByNone()
        && !collected
        && openFiles.filter(count -> count.after() > count.before()).isPresent();
  }
}
