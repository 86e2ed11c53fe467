package io.github.noslableak.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.github.noslableak.diagnosis.Diagnosis;
import io.github.noslableak.diagnosis.Growth;
import io.github.noslableak.diagnosis.Suspect;
import io.github.noslableak.dump.Dump;
import io.github.noslableak.dump.Memory;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Writes a diagnosis for programs. What is not known is left out. Sizes are bytes. */
final class DiagnosisJson {

  /** Writes what is not known not at all. */
  static final Gson GSON = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private DiagnosisJson() {}

  private record Root(
      String conclusion,
      Source latest,
      @Nullable Source earlier,
      @Nullable Long secondsBetween,
      List<Cache> caches,
      @Nullable Double bytesPerHour,
      @Nullable Double hoursLeft,
      List<String> watch,
      String annotation) {}

  private record Source(
      String source,
      @Nullable String kernel,
      @Nullable Long uptimeSeconds,
      @Nullable String taken,
      @Nullable Long memoryBytes,
      @Nullable Long freeBytes,
      @Nullable Long availableBytes,
      @Nullable Long slabBytes,
      @Nullable Long reclaimableBytes,
      List<String> foreignModules,
      List<String> notes) {}

  private record Cache(
      String name,
      List<String> aliases,
      String kind,
      @Nullable Long objects,
      @Nullable Long objectBytes,
      long bytes,
      double shareOfSlab,
      @Nullable Long grownObjects,
      @Nullable Long grownBytes,
      @Nullable Double objectsPerHour) {}

  static String of(Diagnosis diagnosis) {
    return GSON.toJson(
        new Root(
            word(diagnosis.conclusion()),
            source(diagnosis.latest()),
            diagnosis.earlier().map(DiagnosisJson::source).orElse(null),
            diagnosis.time().map(Duration::toSeconds).orElse(null),
            diagnosis.suspects().stream().map(DiagnosisJson::cache).toList(),
            orNull(diagnosis.bytesPerHour()),
            orNull(diagnosis.hoursLeft()),
            diagnosis.watched(),
            Skeleton.annotation(diagnosis)));
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static Source source(Dump dump) {
    Optional<Memory> memory = dump.memory();
    return new Source(
        dump.source(),
        dump.kernel().orElse(null),
        dump.uptime().map(Duration::toSeconds).orElse(null),
        dump.taken().map(Object::toString).orElse(null),
        memory.map(Memory::total).orElse(null),
        memory.map(Memory::free).orElse(null),
        memory.map(known -> orNull(known.available())).orElse(null),
        memory.map(Memory::slab).orElse(null),
        memory.map(known -> orNull(known.reclaimable())).orElse(null),
        dump.foreignModules(),
        dump.notes());
  }

  private static Cache cache(Suspect suspect) {
    Optional<Growth> growth = suspect.growth();
    return new Cache(
        suspect.cache(),
        suspect.aliases(),
        word(suspect.kind()),
        orNull(suspect.use().objects()),
        orNull(suspect.use().objectBytes()),
        suspect.bytes(),
        suspect.share(),
        growth.map(grown -> orNull(grown.objects())).orElse(null),
        growth.map(Growth::bytes).orElse(null),
        growth.map(grown -> orNull(grown.objectsPerHour())).orElse(null));
  }

  private static @Nullable Long orNull(OptionalLong number) {
    return number.isPresent() ? number.getAsLong() : null;
  }

  private static @Nullable Double orNull(OptionalDouble number) {
    return number.isPresent() ? number.getAsDouble() : null;
  }
}
