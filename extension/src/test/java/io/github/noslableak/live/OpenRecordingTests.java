package io.github.noslableak.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.noslableak.jvm.Open;
import io.github.noslableak.jvm.OpenRecording;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** In this JVM, whichever it is: by an agent, or by the flight recorder. */
class OpenRecordingTests {

  /** The flight recorder has a clock of its own. */
  private static final long CLOCKS_NANOS = 5_000;

  private static void openFile() throws IOException {
    new FileInputStream("/etc/hostname").close();
  }

  private static void openNothing() {
    assertThatThrownBy(() -> new FileInputStream("/etc/no-such-file"))
        .isInstanceOf(FileNotFoundException.class);
  }

  /** What is done for the first time loads classes, which opens files. */
  @BeforeAll
  static void rehearse() throws IOException {
    try (OpenRecording recording = OpenRecording.start()) {
      openFile();
      openNothing();
      recording.stop();
    }
  }

  private static List<Open> by(List<Open> opens, String method) {
    return opens.stream()
        .filter(
            open ->
                open.frames().get(0).startsWith(OpenRecordingTests.class.getName() + "." + method))
        .toList();
  }

  @Test
  void each_open_has_its_time_by_the_clock_of_this_jvm() throws IOException {
    List<Long> times = new ArrayList<>();
    List<Open> opens;
    try (OpenRecording recording = OpenRecording.start()) {
      for (int i = 0; i < 100; i++) {
        times.add(System.nanoTime());
        openFile();
      }
      times.add(System.nanoTime());
      opens = by(recording.stop(), "openFile");
    }

    assertThat(opens).hasSize(100).allMatch(open -> open.kind().equals("files"));
    for (int i = 0; i < 100; i++) {
      assertThat(opens.get(i).from()).isGreaterThan(times.get(i) - CLOCKS_NANOS);
      assertThat(opens.get(i).until())
          .isGreaterThan(opens.get(i).from())
          .isLessThan(times.get(i + 1) + CLOCKS_NANOS);
    }
  }

  @Test
  void each_thread_has_the_number_that_the_kernel_has_for_it() throws Exception {
    List<Open> opens;
    List<String> tasks = new ArrayList<>();
    try (OpenRecording recording = OpenRecording.start()) {
      for (int i = 0; i < 3; i++) {
        Thread thread =
            new Thread(
                () -> {
                  try {
                    openFile();
                    tasks.add(
                        Files.readSymbolicLink(Path.of("/proc/thread-self"))
                            .getFileName()
                            .toString());
                  } catch (IOException e) {
                    throw new IllegalStateException(e);
                  }
                });
        thread.start();
        thread.join();
      }
      opens = by(recording.stop(), "openFile");
    }

    assertThat(opens).extracting(open -> String.valueOf(open.task())).isEqualTo(tasks);
  }

  /** More than a body may open in a round; the newest are kept, of those that are too many. */
  @Test
  void none_of_a_hundred_thousand_is_lost() throws IOException {
    try (OpenRecording recording = OpenRecording.start()) {
      for (int i = 0; i < 100_000; i++) {
        openFile();
      }
      assertThat(by(recording.stop(), "openFile")).hasSize(100_000);
    }
  }

  @Test
  void what_fails_to_open_leaves_the_next_one_as_it_is() throws IOException {
    List<Open> opens;
    long between;
    try (OpenRecording recording = OpenRecording.start()) {
      openNothing();
      between = System.nanoTime();
      openFile();
      opens = by(recording.stop(), "openFile");
    }

    assertThat(opens).hasSize(1);
    assertThat(opens.get(0).from()).isGreaterThan(between - CLOCKS_NANOS);
  }

  @Test
  void nothing_is_recorded_before_or_after() throws IOException {
    openFile();
    try (OpenRecording recording = OpenRecording.start()) {
      openFile();
      assertThat(by(recording.stop(), "openFile")).hasSize(1);
    }
    openFile();
    try (OpenRecording recording = OpenRecording.start()) {
      assertThat(by(recording.stop(), "openFile")).isEmpty();
    }
  }

  @Test
  void a_recording_that_is_closed_leaves_no_file_behind() throws IOException {
    try (OpenRecording recording = OpenRecording.start()) {
      openFile();
      recording.stop();
    }
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.matches("noslableak\\d+\\.(jar|jfr|txt)"));
    }
  }

  /** The flight recorder takes its clock for another one, which goes at another pace. */
  @Test
  void times_are_right_also_long_before_the_end() throws Exception {
    long before;
    long after;
    List<Open> opens;
    try (OpenRecording recording = OpenRecording.start()) {
      before = System.nanoTime();
      openFile();
      after = System.nanoTime();
      Thread.sleep(3_000);
      opens = by(recording.stop(), "openFile");
    }

    assertThat(opens).hasSize(1);
    assertThat(opens.get(0).from()).isGreaterThan(before - CLOCKS_NANOS);
    assertThat(opens.get(0).until()).isLessThan(after + CLOCKS_NANOS);
  }
}
