package io.github.noslableak.cli;

import io.github.noslableak.SlabGrowth;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes for programs what came of running a command. */
final class RunJson {

  private RunJson() {}

  private record Root(
      String found,
      List<String> command,
      int runs,
      int commandExit,
      Map<String, Cache> caches,
      String report) {}

  private record Cache(long objects, double perIteration) {}

  static String of(List<String> command, Program program, Found found) {
    return DiagnosisJson.GSON.toJson(
            new Root(
                found.exit().name().toLowerCase(Locale.ROOT),
                command,
                program.runs(),
                program.exit(),
                caches(found.growth()),
                found.text()))
        + "\n";
  }

  private static Map<String, Cache> caches(@Nullable SlabGrowth growth) {
    Map<String, Cache> caches = new TreeMap<>();
    if (growth != null) {
      growth
          .byCache()
          .forEach(
              (cache, objects) ->
                  caches.put(cache, new Cache(objects, growth.perIteration(cache))));
    }
    return caches;
  }
}
