package io.github.noslableak.jvm;

import java.lang.instrument.Instrumentation;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What of the JDK is its own. An agent may use it: as the JDKs are known that it is for. */
final class Internals {

  private Internals() {}

  /**
   * Lets this library call the public methods of some packages of java.base; on the class path also
   * all others there, for they are one module.
   */
  static void export(Instrumentation instrumentation, String... packages) {
    Set<Module> ours = Set.of(Internals.class.getModule());
    instrumentation.redefineModule(
        Object.class.getModule(),
        Set.of(),
        Stream.of(packages).collect(Collectors.toMap(Function.identity(), exported -> ours)),
        Map.of(),
        Set.of(),
        Map.of());
  }
}
