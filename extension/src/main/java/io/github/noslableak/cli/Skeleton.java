package io.github.noslableak.cli;

import io.github.noslableak.diagnosis.Diagnosis;
import io.github.noslableak.diagnosis.Kind;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The annotation to write, and a test for the kind of I/O that it is about. */
final class Skeleton {

  /** What a dump calls a cache goes into somebody's source: only what is one. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.:-]+");

  private Skeleton() {}

  /** Returns the annotation; empty where nothing is to be watched. */
  static String annotation(Diagnosis diagnosis) {
    List<String> caches =
        diagnosis.watched().stream().filter(cache -> NAME.matcher(cache).matches()).toList();
    return caches.isEmpty()
        ? ""
        : "@NoSlabLeak(caches = {%s})"
            .formatted(
                caches.stream().map(cache -> '"' + cache + '"').collect(Collectors.joining(", ")));
  }

  /** Returns the test, a line each; none where nothing is to be watched. */
  static List<String> test(Diagnosis diagnosis) {
    String annotation = annotation(diagnosis);
    if (annotation.isEmpty()) {
      return List.of();
    }
    KindText kind = KindText.of(diagnosis.kind().orElse(Kind.OTHER));
    return List.of(
        "@Test",
        annotation,
        "void " + kind.test() + "() throws Exception {",
        "  // " + kind.body(),
        "}");
  }
}
