/** Fails an integration test that leaks Linux kernel slab objects. */
module io.github.noslableak {
  requires com.github.oshi;
  requires com.sun.jna;
  requires java.management;

  // Not transitive: who measures without JUnit, or asserts without AssertJ, need not have them. And
  // where there is no flight recorder, a report says that it is missing.
  requires static java.instrument;
  requires static jdk.attach;
  requires static jdk.jfr;
  requires static org.assertj.core;
  requires static org.jspecify;
  requires static org.junit.jupiter.api;
  requires static org.junit.platform.engine;
  requires static org.junit
      .platform
      .launcher; // Only for services that are none where it is absent, and for a further life.

  // Of the runnable jar, which is no module; its packages are not in this module's jar.
  requires static com.google.gson;
  requires static info.picocli;
  requires static org.apache.commons.compress;

  exports io.github.noslableak;
  exports io.github.noslableak.jvm to
      java.instrument; // It calls the agent.

  opens io.github.noslableak to
      org.junit.platform.commons; // It makes the extensions.
  opens io.github.noslableak.kernel to
      com.sun.jna; // It binds the functions of the C library.
}
