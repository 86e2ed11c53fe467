package io.github.noslableak.cli;

import static java.util.stream.Collectors.joining;

import io.github.noslableak.diagnosis.Diagnosis;
import io.github.noslableak.diagnosis.Growth;
import io.github.noslableak.diagnosis.Kind;
import io.github.noslableak.diagnosis.Suspect;
import io.github.noslableak.dump.Dump;
import io.github.noslableak.dump.Memory;
import io.github.noslableak.report.Amounts;
import io.github.noslableak.report.Text;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Writes a diagnosis for the reader of a terminal. */
final class DiagnosisText {

  private static final double SECONDS_PER_HOUR = 3_600;

  private static final int MOST_NAMES = 6;

  private DiagnosisText() {}

  static String of(Diagnosis diagnosis) {
    return Text.paragraphs(
        List.of(
            where(diagnosis),
            conclusion(diagnosis),
            Text.under("The caches", Text.table(table(diagnosis))),
            Text.under("What allocates from them", kinds(diagnosis)),
            diagnosis.conclusion().isOpen() && !diagnosis.suspects().isEmpty()
                ? Text.under("The test to write", test(diagnosis))
                : List.of(),
            notes(diagnosis)));
  }

  private static List<String> notes(Diagnosis diagnosis) {
    List<String> notes = diagnosis.latest().notes().stream().map(DiagnosisText::shown).toList();
    return notes.isEmpty() ? notes : Text.under("What was read", notes);
  }

  private static List<String> where(Diagnosis diagnosis) {
    List<String> lines = new ArrayList<>();
    diagnosis.earlier().ifPresent(earlier -> lines.add("From " + source(earlier)));
    lines.add((diagnosis.earlier().isPresent() ? "to   " : "") + source(diagnosis.latest()));
    return lines;
  }

  private static String source(Dump dump) {
    List<String> known = new ArrayList<>();
    dump.kernel().ifPresent(kernel -> known.add("Linux " + kernel));
    dump.uptime().ifPresent(up -> known.add("up " + Amounts.time(up)));
    dump.taken().ifPresent(taken -> known.add(taken.toString()));
    return shown(dump.source())
        + (known.isEmpty()
            ? ""
            : " (" + String.join(", ", known.stream().map(DiagnosisText::shown).toList()) + ")");
  }

  /** What a stranger's file says is shown without what a terminal would obey. */
  private static String shown(String told) {
    return told.replaceAll("[^\\x20-\\x7e]", "?");
  }

  private static List<String> conclusion(Diagnosis diagnosis) {
    List<String> lines = new ArrayList<>();
    diagnosis.latest().memory().ifPresent(memory -> lines.add(memory(memory)));
    lines.add(
        switch (diagnosis.conclusion()) {
          case LEAK ->
              "Slab is what fills this machine, and the kernel could not reclaim it: a leak.";
          case GROWS ->
              "These caches grew by "
                  + amount(grown(diagnosis))
                  + " in "
                  + diagnosis.time().map(Amounts::time).orElse("an unknown time (--apart tells it)")
                  + ".";
          case RECLAIMABLE ->
              "Slab has most of the memory, but most of that may be dropped when memory is short:"
                  + " a cache, or a leak that keeps it. Drop it (echo 3 > drop_caches), and look again.";
          case HIGH ->
              "That is more than usual. One dump does not tell whether it grows: give another one,"
                  + " some hours later.";
          case DOES_NOT_GROW -> "No cache grew from one to the other.";
          case NOT_SLAB -> "That is usual: slab is not what fills this machine.";
          case UNKNOWN ->
              "How much memory the machine has is not said: give kmem -i or meminfo of the same"
                  + " moment, too.";
        });
    rate(diagnosis).ifPresent(lines::add);
    if (diagnosis.conclusion().isFinding() && !diagnosis.latest().foreignModules().isEmpty()) {
      lines.add(
          "Modules that are not of the kernel's own tree: "
              + String.join(", ", diagnosis.latest().foreignModules())
              + ".");
    }
    return lines;
  }

  private static String memory(Memory memory) {
    return "Slab has %s of %s (%.0f %%)%s; %s %s."
        .formatted(
            amount(memory.slab()),
            amount(memory.total()),
            memory.slabShare() * 100,
            memory.reclaimable().isPresent()
                ? ", of which " + amount(memory.reclaimable().getAsLong()) + " may be reclaimed"
                : "",
            amount(memory.left()),
            memory.available().isPresent() ? "are available" : "are free");
  }

  private static String amount(double bytes) {
    return Amounts.binary(bytes);
  }

  private static String amount(long bytes) {
    return Amounts.binary((double) bytes);
  }

  private static double grown(Diagnosis diagnosis) {
    return diagnosis.suspects().stream()
        .mapToLong(suspect -> suspect.growth().map(Growth::bytes).orElse(0L))
        .sum();
  }

  private static Optional<String> rate(Diagnosis diagnosis) {
    OptionalDouble rate = diagnosis.bytesPerHour();
    if (rate.isEmpty()) {
      return Optional.empty();
    }
    String since =
        diagnosis.earlier().isPresent()
            ? "That is "
            : "If it began when the machine was started, "
                + diagnosis.latest().uptime().map(Amounts::time).orElse("")
                + " before, it leaks ";
    OptionalDouble hours = diagnosis.hoursLeft();
    return Optional.of(
        since
            + amount(rate.getAsDouble())
            + " an hour"
            + (hours.isPresent()
                ? "; at that rate the memory that is left is gone after "
                    + Amounts.time(hours.getAsDouble() * SECONDS_PER_HOUR)
                : "")
            + ".");
  }

  private static List<List<String>> table(Diagnosis diagnosis) {
    boolean grown = diagnosis.suspects().stream().anyMatch(one -> one.growth().isPresent());
    List<List<String>> rows = new ArrayList<>();
    List<String> header = new ArrayList<>(List.of("cache", "objects", "memory", "of slab"));
    if (grown) {
      header.addAll(List.of("grew by", "memory", "an hour"));
    }
    rows.add(header);
    for (Suspect suspect : diagnosis.suspects()) {
      List<String> row =
          new ArrayList<>(
              List.of(
                  shown(suspect.cache()),
                  number(suspect.use().objects()),
                  amount(suspect.bytes()),
                  String.format(Locale.ROOT, "%.0f %%", suspect.share() * 100)));
      suspect
          .growth()
          .ifPresent(
              growth ->
                  row.addAll(
                      List.of(
                          growth.objects().isPresent()
                              ? Text.signed(growth.objects().getAsLong())
                              : "?",
                          amount(growth.bytes()),
                          growth.objectsPerHour().isPresent()
                              ? Text.number(Math.round(growth.objectsPerHour().getAsDouble()))
                              : "?")));
      rows.add(row);
    }
    return rows;
  }

  private static String number(OptionalLong number) {
    return number.isPresent() ? Text.number(number.getAsLong()) : "?";
  }

  private static List<String> kinds(Diagnosis diagnosis) {
    Map<Kind, List<String>> caches = new LinkedHashMap<>();
    for (Suspect suspect : diagnosis.suspects()) {
      caches.computeIfAbsent(suspect.kind(), kind -> new ArrayList<>()).add(shown(suspect.cache()));
    }
    List<String> lines = new ArrayList<>();
    caches.forEach(
        (kind, names) -> lines.add(String.join(", ", names) + ": " + KindText.of(kind).what()));
    diagnosis.suspects().stream()
        .filter(suspect -> !suspect.aliases().isEmpty())
        .forEach(suspect -> lines.add(merged(suspect)));
    return lines;
  }

  private static String merged(Suspect suspect) {
    List<String> names = suspect.aliases();
    return shown(suspect.cache())
        + " is merged with "
        + names.stream().limit(MOST_NAMES).map(DiagnosisText::shown).collect(joining(", "))
        + (names.size() > MOST_NAMES ? " and others" : "")
        + ": its number is that of all of them; a kernel booted with slab_nomerge tells them apart";
  }

  private static List<String> test(Diagnosis diagnosis) {
    List<String> lines = new ArrayList<>(Skeleton.test(diagnosis));
    if (!lines.isEmpty()) {
      lines.addAll(seen(diagnosis));
    }
    return lines;
  }

  /** Says what the counters of that test would have shown of it. */
  private static List<String> seen(Diagnosis diagnosis) {
    return List.of(
        "It would show, per iteration that leaks one object of each: "
            + diagnosis.suspects().stream()
                .filter(suspect -> diagnosis.watched().contains(suspect.cache()))
                .map(DiagnosisText::one)
                .collect(joining(", "))
            + ".",
        "Where one in a hundred leaks, iterations = 100 shows 0.01 of it.");
  }

  private static String one(Suspect suspect) {
    OptionalLong bytes = suspect.use().objectBytes();
    return shown(suspect.cache())
        + " 1.00"
        + (bytes.isPresent() ? " (" + Text.number(bytes.getAsLong()) + " bytes)" : "");
  }
}
