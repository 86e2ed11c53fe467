package io.github.noslableak.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.testkit.Child;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The library as a named module, used by another one, in a JVM that has nothing on its class path.
 */
@LiveTest
class ModulePathTests {

  private static final String MODULE =
      """
      module consumer {
        requires io.github.noslableak;
        requires org.junit.jupiter.api;
        requires org.junit.platform.launcher;

        opens consumer to
            org.junit.platform.commons;
      }
      """;

  private static final String TEST_CASES =
      """
      package consumer;

      import io.github.noslableak.Attribution;
      import io.github.noslableak.NoSlabLeak;
      import java.io.IOException;
      import java.net.ServerSocket;
      import java.util.ArrayList;
      import java.util.List;
      import org.junit.jupiter.api.Test;

      @NoSlabLeak(caches = "sock_inode_cache", attribution = Attribution.ALWAYS)
      class SocketTestCases {

        private static final List<ServerSocket> LEAKED = new ArrayList<>();

        @Test
        void opens() throws IOException {
          LEAKED.add(new ServerSocket(0));
        }

        @Test
        void opens_and_closes() throws IOException {
          new ServerSocket(0).close();
        }
      }
      """;

  private static final String MAIN =
      """
      package consumer;

      import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

      import io.github.noslableak.NoSlabLeak;
      import org.junit.platform.engine.TestExecutionResult;
      import org.junit.platform.launcher.TestExecutionListener;
      import org.junit.platform.launcher.TestIdentifier;
      import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
      import org.junit.platform.launcher.core.LauncherFactory;

      final class Main {

        public static void main(String[] arguments) {
          System.out.println(NoSlabLeak.class.getModule());
          LauncherFactory.create()
              .execute(
                  LauncherDiscoveryRequestBuilder.request()
                      .selectors(selectClass(SocketTestCases.class))
                      .build(),
                  new TestExecutionListener() {
                    @Override
                    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                      System.out.println(
                          test.getDisplayName()
                              + " "
                              + result.getStatus()
                              + " "
                              + result.getThrowable().map(Throwable::toString).orElse(""));
                    }
                  });
        }
      }
      """;

  /** What a user's build has on its module path: the library and what it requires, and JUnit. */
  private static final List<String> MODULES =
      List.of(
          "apiguardian-api",
          "jna",
          "jna-platform",
          "jspecify",
          "junit-jupiter-api",
          "junit-jupiter-engine",
          "junit-platform-commons",
          "junit-platform-engine",
          "junit-platform-launcher",
          "opentest4j",
          "oshi-common",
          "oshi-core",
          "slf4j-api",
          "slf4j-nop");

  @Test
  void a_leak_is_found_by_the_named_module(@TempDir Path directory) throws Exception {
    Path consumer = directory.resolve("consumer");
    String modulePath = compile(directory.resolve("source"), consumer);

    assertThat(run(modulePath + File.pathSeparator + consumer))
        .contains(
            "module io.github.noslableak\n",
            "opens() FAILED io.github.noslableak.SlabLeakError: SocketTestCases.opens leaked ",
            "The body was run again, 1, then 2 times. A leak repeats and scales.",
            "opens_and_closes() SUCCESSFUL \n")
        .doesNotContain("WARNING", "Exception");
  }

  /** Of the JDK's modules the library requires none that only some settings take. */
  @Test
  void where_in_java_it_was_opened_is_told_in_modules_too(@TempDir Path directory)
      throws Exception {
    Path consumer = directory.resolve("consumer");
    String modulePath =
        compile(directory.resolve("source"), consumer) + File.pathSeparator + consumer;
    String wanted = "-Dnoslableak.attribution.java=true";

    assertThat(run(modulePath, wanted, "--add-modules", "java.instrument,jdk.jfr"))
        .containsPattern("\\d+ sockets? by consumer\\.SocketTestCases\\.opens:\\d+");
    // The flight recorder of JDK 25 is there without being asked for.
    assertThat(run(modulePath, wanted))
        .contains(
            Runtime.version().feature() < 25
                ? "Where they were opened in Java was not recorded: this Java has no agents"
                : " by consumer.SocketTestCases.opens:");
  }

  /** Returns the module path, without the consumer itself. */
  private static String compile(Path source, Path classes) throws IOException {
    List<Path> sources = new ArrayList<>();
    sources.add(write(source.resolve("module-info.java"), MODULE));
    sources.add(write(source.resolve("consumer/SocketTestCases.java"), TEST_CASES));
    sources.add(write(source.resolve("consumer/Main.java"), MAIN));
    String modulePath = modulePath();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter output = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      boolean compiled =
          compiler
              .getTask(
                  output,
                  files,
                  null,
                  List.of("-proc:none", "--module-path", modulePath, "-d", classes.toString()),
                  null,
                  files.getJavaFileObjectsFromPaths(sources))
              .call();
      assertThat(compiled).as(output.toString()).isTrue();
    }
    return modulePath;
  }

  private static Path write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private static String modulePath() {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return Stream.of(classPath.split(File.pathSeparator))
        .filter(
            entry ->
                Files.exists(Path.of(entry, "module-info.class"))
                    || MODULES.stream()
                        .anyMatch(
                            module ->
                                Path.of(entry)
                                    .getFileName()
                                    .toString()
                                    .matches(module + "-[0-9].*\\.jar")))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String run(String modulePath, String... options)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(
        List.of(
            "--enable-native-access=com.sun.jna",
            "--module-path",
            modulePath,
            "--module",
            "consumer/consumer.Main"));
    return Child.run(command.toArray(String[]::new));
  }
}
