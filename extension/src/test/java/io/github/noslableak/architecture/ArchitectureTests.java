package io.github.noslableak.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The borders of the design. A package never looks back. */
class ArchitectureTests {

  private static final String ROOT = "io.github.noslableak";
  private static final String KERNEL = ROOT + ".kernel..";
  private static final String VERDICT = ROOT + ".verdict..";
  private static final String REPORT = ROOT + ".report..";

  private static final Path SOURCES = Path.of("src/main/java");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  private static void check(ArchRule rule) {
    rule.check(CLASSES);
  }

  @Test
  void the_library_was_imported() {
    assertThat(CLASSES)
        .extracting(JavaClass::getSimpleName)
        .contains("NoSlabLeak", "SlabInfo", "Verdict", "TextReport", "AllocationLedger")
        .doesNotContain("ArchitectureTests");
  }

  // Packages

  /**
   * For each package the others of ours that it may know, the root being the empty one, and nothing
   * else of ours. The verdict package knows nobody; its words for numbers and for whose an object
   * is are everybody's.
   */
  private static final Map<String, Set<String>> KNOWS =
      Map.ofEntries(
          entry("kernel", Set.of()),
          entry("object", Set.of("kernel")),
          entry("verdict", Set.of()),
          entry("baseline", Set.of()),
          entry("junit", Set.of()),
          entry("jvm", Set.of("jvm.boot", "kernel")),
          entry("jvm.boot", Set.of()),
          entry("slab", Set.of("kernel", "verdict")),
          entry("proc", Set.of("kernel", "verdict")),
          entry("trace", Set.of("kernel", "proc")),
          entry("trace.alloc", Set.of("kernel", "proc", "slab", "trace", "verdict")),
          entry("trace.ref", Set.of("kernel", "proc", "trace")),
          entry("mount", Set.of("kernel", "proc")),
          entry("report", Set.of("verdict")),
          entry("dump", Set.of()),
          entry("diagnosis", Set.of("dump")),
          entry("cli", Set.of("", "diagnosis", "dump", "report", "verdict")),
          entry(
              "evidence",
              Set.of(
                  "jvm",
                  "kernel",
                  "object",
                  "proc",
                  "report",
                  "slab",
                  "trace",
                  "trace.ref",
                  "verdict")),
          entry("books", Set.of("kernel", "proc", "slab", "trace", "trace.alloc", "verdict")),
          entry(
              "engine",
              Set.of(
                  "books",
                  "evidence",
                  "kernel",
                  "proc",
                  "report",
                  "slab",
                  "trace",
                  "trace.ref",
                  "verdict")));

  static Set<String> packages() {
    return KNOWS.keySet();
  }

  @ParameterizedTest
  @MethodSource("packages")
  void a_package_knows_what_its_row_of_the_design_lists(String name) {
    check(
        noClasses()
            .that()
            .resideInAPackage(ROOT + "." + name)
            .should()
            .dependOnClassesThat(
                resideInAPackage(ROOT + "..")
                    .and(not(resideInAPackage(ROOT + "." + name)))
                    .and(
                        not(
                            resideInAnyPackage(
                                KNOWS.getOrDefault(name, Set.of()).stream()
                                    .map(known -> known.isEmpty() ? ROOT : ROOT + "." + known)
                                    .toArray(String[]::new))))));
  }

  @Test
  void each_package_has_a_row() {
    assertThat(CLASSES.stream().map(JavaClass::getPackageName).distinct())
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(Stream.of(ROOT), packages().stream().map(name -> ROOT + "." + name))
                .toList());
  }

  @Test
  void the_verdict_is_numbers_in_and_outcome_out() {
    check(
        classes()
            .that()
            .resideInAPackage(VERDICT)
            .should()
            .onlyDependOnClassesThat(
                resideInAnyPackage(
                    VERDICT,
                    "java.lang",
                    "java.lang.annotation",
                    "java.lang.invoke",
                    "java.lang.runtime",
                    "java.time",
                    "java.util",
                    "java.util.function",
                    "java.util.stream",
                    "org.jspecify..")));
  }

  @Test
  void the_report_does_no_input_or_output() {
    check(
        noClasses()
            .that()
            .resideInAPackage(REPORT)
            .should()
            .dependOnClassesThat(resideInAnyPackage("java.io..", "java.nio.file..", "java.net..")));
  }

  /** Evidence asks when all is judged; a collection before may close what a test forgot. */
  @Test
  void garbage_is_collected_by_force_for_evidence_alone() {
    check(
        noClasses()
            .that()
            .doNotHaveSimpleName("GarbageCollections")
            .should()
            .accessTargetWhere(
                DescribedPredicate.<JavaAccess<?>>describe(
                    "garbage is collected", access -> access.getTarget().getName().equals("gc"))));
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".evidence..")
            .should()
            .accessTargetWhere(
                DescribedPredicate.<JavaAccess<?>>describe(
                    "garbage is collected",
                    access ->
                        access.getTargetOwner().getSimpleName().equals("GarbageCollections")
                            && access.getTarget().getName().equals("collect"))));
  }

  @Test
  void verdict_and_report_read_no_clock_no_chance_and_no_machine() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(VERDICT, REPORT)
            .should()
            .dependOnClassesThat(
                belongToAnyOf(
                        System.class,
                        Runtime.class,
                        Thread.class,
                        Process.class,
                        ProcessHandle.class,
                        Clock.class,
                        Date.class,
                        Random.class)
                    .or(resideInAnyPackage("java.util.concurrent.."))));
    check(
        noClasses()
            .that()
            .resideInAnyPackage(VERDICT, REPORT)
            .should()
            .callMethodWhere(
                DescribedPredicate.describe(
                    "the time of now is asked for",
                    call -> call.getTarget().getName().equals("now"))));
  }

  @Test
  void packages_know_each_other_in_one_direction() {
    check(slices().matching("io.github.(**)").should().beFreeOfCycles());
  }

  // Libraries

  @Test
  void JUnit_is_known_to_the_annotations_and_their_extensions_alone() {
    check(
        noClasses()
            .that(
                not(
                    named("NoSlabLeak")
                        .or(named("NoSlabLeakExtension"))
                        .or(named("TestEntry"))
                        .or(named("MeasuredTest"))
                        .or(named("Plans"))
                        .or(named("Refusals"))
                        .or(resideInAPackage(ROOT + ".junit"))
                        .or(named("KnownLeaks"))
                        .or(named("PrivateMount"))
                        .or(named("PrivateMountExtension"))
                        .or(named("PrivateMounts"))
                        .or(named("MountedDirectory"))))
            .should()
            .dependOnClassesThat(resideInAnyPackage("org.junit..", "org.opentest4j..")));
  }

  @Test
  void AssertJ_is_known_to_the_assertions_alone() {
    check(
        noClasses()
            .that(not(named("SlabAssertions").or(named("SlabGrowthAssert"))))
            .should()
            .dependOnClassesThat(resideInAPackage("org.assertj..")));
  }

  @Test
  void native_calls_are_made_by_the_kernel_package_and_hardware_is_asked_by_the_evidence_alone() {
    check(
        noClasses()
            .that(not(resideInAPackage(KERNEL)))
            .should()
            .dependOnClassesThat(resideInAPackage("com.sun.jna..")));
    check(
        noClasses()
            .that(not(resideInAPackage(ROOT + ".evidence")))
            .should()
            .dependOnClassesThat(resideInAPackage("oshi..")));
  }

  /** Of a class in the root package, or nested in one. */
  private static DescribedPredicate<JavaClass> named(String simpleName) {
    String name = ROOT + "." + simpleName;
    return DescribedPredicate.describe(
        simpleName,
        candidate ->
            candidate.getFullName().equals(name) || candidate.getFullName().startsWith(name + "$"));
  }

  @Test
  void exceptions_for_rules_name_classes_that_exist() {
    for (String name :
        List.of(
            "NoSlabLeak",
            "NoSlabLeakExtension",
            "TestEntry",
            "MeasuredTest",
            "Plans",
            "Refusals",
            "KnownLeaks",
            "PrivateMount",
            "PrivateMountExtension",
            "PrivateMounts",
            "MountedDirectory",
            "SlabAssertions",
            "SlabGrowthAssert")) {
      assertThat(CLASSES.contain(ROOT + "." + name)).as(name).isTrue();
    }
  }

  // Sources

  /** A string literal with a path below /proc or /sys at its start or after a blank or colon. */
  private static final Pattern KERNEL_PATH =
      Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*/(?:proc|sys)\\b(?:[^\"\\\\]|\\\\.)*\"");

  /** Words for the reader of a report, which name a path and open none. */
  private static final List<String> ADVICE =
      List.of(
          "\"These counts are from /proc/slabinfo and NOT EXACT on this kernel, where objects free on a\"",
          "\"- See which process holds them: ls -l /proc/*/fd\"",
          "\"cat /proc/keys lists them, keyctl unlink ID removes one\"",
          "\"find /sys/fs/cgroup -type d lists them, rmdir removes one\"");

  /** Packages that read the kernel's files. */
  private static final List<String> READERS =
      List.of("kernel", "slab", "proc", "trace", "evidence", "mount", "dump");

  private static Path ofPackage(String name) {
    return SOURCES.resolve("io/github/noslableak").resolve(name);
  }

  @Test
  void paths_under_proc_and_sys_are_written_in_the_packages_that_read_the_kernel_alone() {
    List<String> found = new ArrayList<>();
    for (Path source : sources()) {
      if (READERS.stream().noneMatch(reader -> source.startsWith(ofPackage(reader)))) {
        code(source)
            .forEach(
                line ->
                    KERNEL_PATH
                        .matcher(line)
                        .results()
                        .filter(match -> !ADVICE.contains(match.group()))
                        .forEach(match -> found.add(source + ": " + match.group())));
      }
    }

    assertThat(found).isEmpty();
  }

  @Test
  void the_search_for_paths_finds_those_of_the_kernel_package() {
    assertThat(
            code(SOURCES.resolve("io/github/noslableak/kernel/KernelProfile.java"))
                .flatMap(line -> KERNEL_PATH.matcher(line).results())
                .map(match -> match.group()))
        .contains("\"/proc\"", "\"/sys/kernel/slab\"");
  }

  @Test
  void advice_that_names_a_path_is_still_given() {
    List<String> literals =
        sources().stream()
            .filter(source -> source.toString().contains("report"))
            .flatMap(ArchitectureTests::code)
            .flatMap(line -> KERNEL_PATH.matcher(line).results())
            .map(match -> match.group())
            .toList();

    assertThat(literals).containsExactlyInAnyOrderElementsOf(ADVICE);
  }

  @Test
  void every_public_type_is_documented() {
    Pattern publicType =
        Pattern.compile(
            "^public (?:final |sealed |abstract )*(?:class|interface|@interface|enum|record) (\\w+)",
            Pattern.MULTILINE);
    List<String> types = new ArrayList<>();
    for (Path source : sources()) {
      String text = read(source);
      publicType
          .matcher(text)
          .results()
          .forEach(
              type -> {
                types.add(type.group(1));
                String before = text.substring(0, type.start());
                assertThat(before.lastIndexOf("\n/**"))
                    .as("Javadoc of %s", source)
                    .isGreaterThan(before.lastIndexOf("\nimport "))
                    .isGreaterThan(before.indexOf("package "));
                assertThat(before.substring(before.lastIndexOf("/**") + 3).strip())
                    .as("Javadoc of %s", source)
                    .matches(Pattern.compile("(?:\\* )?[A-Z].{10,}", Pattern.DOTALL));
              });
    }

    assertThat(types).contains("NoSlabLeak", "SlabGuard", "Verdict", "SlabInfo", "SlabReport");
  }

  @Test
  void every_package_is_documented_and_null_marked() {
    try (Stream<Path> directories = Files.walk(SOURCES.resolve("io/github/noslableak"))) {
      assertThat(directories.filter(Files::isDirectory))
          .isNotEmpty()
          .allSatisfy(
              directory ->
                  assertThat(read(directory.resolve("package-info.java")))
                      .startsWith("/**")
                      .contains("\n@NullMarked\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> sources() {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      List<Path> sources = files.filter(file -> file.toString().endsWith(".java")).toList();
      assertThat(sources).hasSizeGreaterThan(30);
      return sources;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lines without those of comments. */
  private static Stream<String> code(Path source) {
    return read(source)
        .lines()
        .map(String::strip)
        .filter(line -> !line.startsWith("*") && !line.startsWith("/*") && !line.startsWith("//"));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
