package io.github.noslableak.evidence;

import io.github.noslableak.report.Allocations;
import io.github.noslableak.report.Booked;
import io.github.noslableak.report.DescriptorCount;
import io.github.noslableak.report.Elsewhere;
import io.github.noslableak.report.Holders;
import io.github.noslableak.report.InKernel;
import io.github.noslableak.report.LeftBehind;
import io.github.noslableak.report.Machine;
import io.github.noslableak.report.OpenedInJava;
import io.github.noslableak.report.Registration;
import io.github.noslableak.report.SlabReport;
import io.github.noslableak.report.UnreturnedReferences;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Gathers what sources of evidence say, and makes of it what a report takes. */
public final class Facts {

  /**
   * This JVM's descriptors.
   *
   * @param counts before and now, by kind
   * @param opened what those refer to that are open now and were not before
   * @param closedByCollection how many of those a garbage collection closed in the end
   * @param explains whether running the body again opened as many as it left objects
   */
  public record OfJvm(
      List<DescriptorCount> counts, List<String> opened, int closedByCollection, boolean explains) {

    public OfJvm {
      counts = List.copyOf(counts);
      opened = List.copyOf(opened);
    }
  }

  /**
   * The rest of the machine.
   *
   * @param machine what a report says of it
   * @param openFiles open files of all processes and of the kernel itself, where these grew
   * @param mounted what is mounted now and was not before
   * @param availableMemoryBytes memory that is available now; empty where nothing leaks
   */
  public record OfMachine(
      Machine machine,
      Optional<Holders.OpenFileCount> openFiles,
      List<String> mounted,
      OptionalLong availableMemoryBytes) {

    public OfMachine {
      mounted = List.copyOf(mounted);
    }
  }

  private OfJvm jvm = new OfJvm(List.of(), List.of(), 0, false);
  private Optional<OfMachine> machine = Optional.empty();
  private Optional<Elsewhere> elsewhere = Optional.empty();
  private OpenedInJava openedInJava = OpenedInJava.nothing();
  private boolean collected;
  private UnreturnedReferences references = UnreturnedReferences.none();
  private LeftBehind leftBehind = LeftBehind.nothing();
  private InKernel inKernel = InKernel.nothing();
  private final List<Booked> booked = new ArrayList<>();

  /** Makes an empty collection: all there is to say where nothing was found. */
  public static Facts none() {
    return new Facts();
  }

  /** Says what this JVM holds. */
  public void add(OfJvm found) {
    jvm = found;
  }

  /** Says what became of the machine. */
  public void add(OfMachine found) {
    machine = Optional.of(found);
  }

  /** Says what other processes and file systems in memory hold. */
  public void add(Elsewhere found) {
    elsewhere = Optional.of(found);
  }

  /** Says what the kernel's own books have more than before; those of several books add up. */
  public void addBooked(List<Booked> found) {
    booked.addAll(found);
  }

  /** Says where Java code opened what is left, or may have, or why that is not known. */
  public void add(OpenedInJava found) {
    openedInJava = found;
  }

  /** Says who took references and did not return them, or why that is not known. */
  public void add(UnreturnedReferences found) {
    references = found;
  }

  /** Says what the objects are that are left. */
  public void add(LeftBehind found) {
    leftBehind = found;
  }

  /** Says what was registered with descriptors of this JVM. */
  public void addRegistrations(List<Registration> found) {
    inKernel = new InKernel(found, inKernel.uses());
  }

  /** Says what else the kernel has in use for somebody; what several sources say adds up. */
  public void addUses(List<InKernel.Use> found) {
    inKernel =
        new InKernel(
            inKernel.registrations(),
            Stream.concat(inKernel.uses().stream(), found.stream()).toList());
  }

  /** Returns what the objects are that are left, as far as it was said. */
  LeftBehind leftBehind() {
    return leftBehind;
  }

  /** Tells that objects were left only until garbage was collected. */
  public void collected() {
    collected = true;
  }

  /** Returns what this JVM holds, so that others tell where it was opened. */
  OfJvm ofJvm() {
    return jvm;
  }

  InKernel inKernel() {
    return inKernel;
  }

  Optional<Elsewhere> elsewhere() {
    return elsewhere;
  }

  OpenedInJava openedInJava() {
    return openedInJava;
  }

  /**
   * Returns what explains a finding; empty where the machine was not looked at.
   *
   * @param followed who allocated what is left, if that was followed
   */
  public Optional<SlabReport.Evidence> evidence(Optional<Allocations> followed) {
    return machine.map(
        found ->
            new SlabReport.Evidence(
                booked.isEmpty()
                    ? followed
                    : Optional.of(followed.orElse(new Allocations(List.of(), 0)).with(booked)),
                references,
                leftBehind,
                new Holders(
                    jvm.counts(),
                    jvm.opened(),
                    jvm.closedByCollection(),
                    jvm.explains(),
                    found.openFiles(),
                    found.mounted(),
                    elsewhere,
                    openedInJava,
                    inKernel,
                    collected),
                found.machine()));
  }

  UnreturnedReferences references() {
    return references;
  }

  List<Booked> booked() {
    return List.copyOf(booked);
  }

  /** Returns how much memory is available, in bytes; empty where nothing leaks. */
  public OptionalLong availableMemoryBytes() {
    return machine.map(OfMachine::availableMemoryBytes).orElse(OptionalLong.empty());
  }
}
