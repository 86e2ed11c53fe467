package io.github.noslableak.baseline;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.noslableak.Nobody;
import io.github.noslableak.testkit.Child;
import io.github.noslableak.testkit.Leaks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class BaselineFileTests {

  private static final String DAY = "2026-11-24";
  private static final String LINE = "a.B#c() | dentry | 1.00 | 2026-11-24 | note";

  @RegisterExtension final Leaks leaks = new Leaks();

  @TempDir Path directory;

  private Path path;

  @BeforeEach
  void name() {
    path = directory.resolve("known.leaks");
  }

  private BaselineFile write(String text) throws IOException {
    Files.writeString(path, text);
    return BaselineFile.at(path);
  }

  private static Baseline with(Baseline baseline, String test, double rate) {
    return baseline.with(List.of(ObservedRate.exactly(test, "dentry", rate)), DAY);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.toFile().getName()).sorted().toList();
    }
  }

  @Test
  void a_change_replaces_the_text_and_leaves_nothing_beside() throws IOException {
    Baseline changed = write("# mine\n\n" + LINE + "\n").change(b -> with(b, "a.B#d()", 2));

    assertThat(path).hasContent("# mine\n\n" + LINE + "\na.B#d() | dentry | 2.00 | 2026-11-24\n");
    assertThat(BaselineFile.at(path).read()).isEqualTo(changed);
    assertThat(names()).containsExactly("known.leaks");
  }

  @Test
  void a_change_that_changes_nothing_writes_nothing() throws IOException {
    BaselineFile file = write("a.B#c()|dentry|1|2026-11-24|by hand");
    Object before = Files.readAttributes(path, "unix:ino,lastModifiedTime");

    file.change(baseline -> with(baseline, "a.B#c()", 1));

    assertThat(path).hasContent("a.B#c()|dentry|1|2026-11-24|by hand");
    assertThat(Files.readAttributes(path, "unix:ino,lastModifiedTime")).isEqualTo(before);
  }

  @Test
  void a_change_is_made_to_what_the_file_says_now() throws IOException {
    BaselineFile file = write("");
    Files.writeString(path, LINE + "\n");

    file.change(baseline -> with(baseline, "a.B#d()", 2));

    assertThat(file.read().leaks()).hasSize(2);
  }

  @Test
  void a_missing_file_is_created_with_an_explanation_and_kept_if_there() throws IOException {
    BaselineFile file = BaselineFile.at(path);
    assertThat(file.exists()).isFalse();

    file.create();
    assertThat(file.read()).isEqualTo(Baseline.empty());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .startsWith("rw-")
        .endsWith("--");

    Files.writeString(path, LINE);
    file.create();
    assertThat(path).hasContent(LINE);
  }

  @Test
  void rights_are_kept_but_not_for_all_the_world_to_write() throws IOException {
    BaselineFile file = write("");
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrw-rw-"));

    file.change(baseline -> with(baseline, "a.B#c()", 1));

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rwxrw-r--");
  }

  @Test
  void a_line_that_cannot_be_read_is_named_and_the_file_left_untouched() throws IOException {
    String text = "# mine\n" + LINE + "\n a.B#d() | dentry\n";
    BaselineFile file = write(text);

    assertThatThrownBy(() -> file.change(baseline -> with(baseline, "a.B#e()", 1)))
        .isExactlyInstanceOf(BaselineFileException.class)
        .hasMessage(
            path.toRealPath()
                + ":3: should be: test | cache | objects per iteration | since | note:"
                + " a.B#d() | dentry");
    assertThat(path).hasContent(text);
    assertThat(names()).containsExactly("known.leaks");
  }

  @Test
  void what_is_no_text_is_refused() throws IOException {
    Files.write(path, "größer".getBytes(ISO_8859_1));

    assertThatThrownBy(() -> BaselineFile.at(path).read())
        .hasMessage(path.toRealPath() + " is not a text in UTF-8");
  }

  @Test
  void lines_may_end_as_on_Windows() throws IOException {
    assertThat(write("# mine\r\n" + LINE + "\r\n").read().render()).containsExactly("# mine", LINE);
  }

  @Test
  void a_file_that_went_away_is_named() throws IOException {
    BaselineFile file = write("");
    Files.delete(path);

    assertThatThrownBy(() -> file.change(baseline -> with(baseline, "a.B#e()", 1)))
        .hasMessage(path.toAbsolutePath() + " does not exist");
  }

  @Test
  void a_link_is_followed_once_and_stays_a_link() throws IOException {
    Path target = Files.createDirectory(directory.resolve("sub")).resolve("target.leaks");
    Files.writeString(target, "");
    Files.createSymbolicLink(path, target);

    BaselineFile.at(path).change(baseline -> with(baseline, "a.B#c()", 1));

    assertThat(path).isSymbolicLink();
    assertThat(target).hasContent("a.B#c() | dentry | 1.00 | 2026-11-24\n");
  }

  @Test
  void a_file_that_became_a_link_is_not_followed() throws IOException {
    BaselineFile file = write("");
    Path other = Files.writeString(directory.resolve("other"), LINE);
    Files.delete(path);
    Files.createSymbolicLink(path, other);

    assertThatThrownBy(file::read).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> file.change(baseline -> with(baseline, "a.B#d()", 1)))
        .isInstanceOf(IOException.class);
    assertThat(other).hasContent(LINE);
  }

  @Test
  void what_is_no_file_is_refused() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("nowhere"));

    assertThatThrownBy(() -> BaselineFile.at(directory))
        .hasMessage(directory + " should be a file, but is something else");
    assertThatThrownBy(() -> BaselineFile.at(link))
        .hasMessage(link + " is a symbolic link to a file that does not exist");
    assertThatThrownBy(() -> BaselineFile.at(path.resolve("x")))
        .hasMessage(path.resolve("x") + " cannot be there: " + path + " is not a directory");
    assertThatThrownBy(() -> BaselineFile.at(Path.of("/"))).hasMessage("/ should be a file");
  }

  @Test
  void what_a_killed_writer_left_is_removed_and_does_not_lock() throws IOException {
    BaselineFile file = write("");
    Files.writeString(directory.resolve(".known.leaks.123.tmp"), "half of a li");
    Files.writeString(directory.resolve(".known.leaks.lock"), "");
    Files.writeString(directory.resolve(".unrelated.tmp"), "");

    file.change(baseline -> with(baseline, "a.B#c()", 1));

    assertThat(names()).containsExactly(".unrelated.tmp", "known.leaks");
  }

  @Test
  void threads_that_change_at_the_same_time_lose_nothing() throws Exception {
    BaselineFile file = write("");
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Changes changes = new Changes(file, "thread" + i, 10);
      threads.add(new Thread(changes));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(file.read().leaks()).hasSize(80);
  }

  private record Changes(BaselineFile file, String name, int count) implements Runnable {
    @Override
    public void run() {
      try {
        for (int i = 0; i < count; i++) {
          String test = name + "#" + i;
          file.change(baseline -> with(baseline, test, 1));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Test
  void processes_that_change_at_the_same_time_lose_nothing() throws Exception {
    BaselineFile file = write(LINE + "\n");
    List<Child> processes = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      processes.add(start("add", path.toString(), "process" + i, "25"));
    }
    for (Child process : processes) {
      assertThat(process.awaitEnd()).isEqualTo(new Child.Ended(0, ""));
    }

    // The leak known before is lowered by each of them, theirs are all there.
    assertThat(file.read().leaks()).hasSize(101);
    assertThat(file.read().find("a.B#c()", "dentry"))
        .hasValueSatisfying(leak -> assertThat(leak.rate()).isEqualTo("0.25"));
    assertThat(names()).containsExactly("known.leaks");
  }

  @Test
  void a_writer_killed_at_any_moment_leaves_the_old_text_or_the_new() throws Exception {
    Baseline old = Baseline.parse(Files.readAllLines(Files.writeString(path, large(1))));
    Baseline other = Baseline.parse(large(2).lines().toList());
    BaselineFile file = BaselineFile.at(path);
    Random random = new Random(20261124);
    for (int i = 0; i < 6; i++) {
      Child process = start("flip", path.toString());
      process.awaitLine("flipping");
      Thread.sleep(Duration.ofMillis(random.nextInt(200)).toMillis());
      process.kill();

      assertThat(file.read()).isIn(old, other);
    }
    file.change(baseline -> with(baseline, "a.B#c()", 1));
    assertThat(names()).containsExactly("known.leaks");
  }

  private static String large(int rate) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 2_000; i++) {
      text.append("a.B#c()[%d] | dentry | %d.00 | 2026-11-24%n".formatted(i, rate));
    }
    return text.toString();
  }

  /** As on a build server that checks out read-only. */
  @Test
  void without_rights_to_write_a_lower_rate_is_told_and_passes() throws Exception {
    assumeThat(Files.getAttribute(Path.of("/proc/self"), "unix:uid")).isEqualTo(0);
    write(LINE + "\n");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));

    Child process = start(Nobody.COMMAND, "judge", path.toString());

    assertThat(process.awaitEnd().output().lines())
        .containsExactly(
            "true",
            "Known leaks of " + path,
            "gone: a.B#c(), 1.00 dentry per iteration",
            "The file is left as it is: this user may not write it or its directory.");
    assertThat(path).hasContent(LINE);
    assertThat(names()).containsExactly("known.leaks");
  }

  private Child start(String... arguments) throws IOException {
    return start(List.of(), arguments);
  }

  private Child start(List<String> prefix, String... arguments) throws IOException {
    return leaks.keep(Child.jvm(prefix, AnotherJvm.class, arguments));
  }

  /** Another JVM that changes the file. */
  static final class AnotherJvm {

    private AnotherJvm() {}

    @SuppressWarnings("SystemOut") // The parent reads it.
    public static void main(String[] arguments) throws IOException {
      if (arguments[0].equals("judge")) {
        BaselineSession session =
            BaselineSession.open(
                new BaselineSettings(Path.of(arguments[1]), BaselineMode.CHECK, false));
        System.out.println(
            session
                .judge("a.B#c()", List.of(ObservedRate.exactly("a.B#c()", "dentry", 0)))
                .passes());
        session.finish().forEach(System.out::println);
        return;
      }
      BaselineFile file = BaselineFile.at(Path.of(arguments[1]));
      if (arguments[0].equals("add")) {
        int count = Integer.parseInt(arguments[3]);
        new Changes(file, arguments[2], count).run();
        file.change(b -> b.ratchet(List.of(ObservedRate.exactly("a.B#c()", "dentry", 0.25))));
        return;
      }
      Baseline one = Baseline.parse(large(1).lines().toList());
      Baseline two = Baseline.parse(large(2).lines().toList());
      System.out.println("flipping");
      while (true) {
        file.change(baseline -> baseline.equals(one) ? two : one);
      }
    }
  }
}
