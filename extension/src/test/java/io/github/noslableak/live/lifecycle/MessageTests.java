package io.github.noslableak.live.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.github.noslableak.NoSlabLeak;
import io.github.noslableak.SlabLeakError;
import io.github.noslableak.live.LiveTest;
import io.github.noslableak.testkit.Leaks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** What a build's log shows of a leak, where JUnit keeps what tests publish, as under Surefire. */
@LiveTest
class MessageTests {

  @RegisterExtension static final Leaks LEAKED = new Leaks();

  static class LeakingTestCases {
    @Test
    @NoSlabLeak(caches = {"sock_inode_cache", "filp"})
    void leaves_a_socket() {
      LEAKED.sockets(1);
    }
  }

  private static String message(Path directory, Map<String, String> parameters) {
    SummaryGeneratingListener summary = new SummaryGeneratingListener();
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(LeakingTestCases.class))
                .configurationParameter("noslableak.testkit", "true")
                .configurationParameter("noslableak.linger", "300 ms")
                .configurationParameter("noslableak.unmeasurable", "fail")
                .configurationParameter("junit.platform.reporting.output.dir", directory.toString())
                .configurationParameters(parameters)
                .build(),
            summary);
    assertThat(summary.getSummary().getFailures()).hasSize(1);
    Throwable thrown = summary.getSummary().getFailures().get(0).getException();
    assertThat(thrown).isInstanceOf(SlabLeakError.class);
    return String.valueOf(thrown.getMessage());
  }

  private static Path published(Path directory) throws Exception {
    try (Stream<Path> files = Files.walk(directory)) {
      List<Path> found = files.filter(file -> file.endsWith("noslableak.txt")).toList();
      assertThat(found).hasSize(1);
      return found.get(0);
    }
  }

  @Test
  void it_is_brief_and_names_the_file_with_all_of_it(@TempDir Path directory) throws Exception {
    String message = message(directory, Map.of());

    assertThat(message.lines().filter(line -> !line.isBlank())).hasSizeLessThanOrEqualTo(12);
    assertThat(message)
        .startsWith("LeakingTestCases.leaves_a_socket leaked 1 ")
        .contains("\nThe body was run again, 1, then 2 times. A leak repeats and scales.\n")
        .containsPattern("1 socket is still open in this JVM:\n    socket:\\[\\d+] TCP .* LISTEN\n")
        .contains("- Close what is still open in this JVM")
        .endsWith("\n\nThe whole report: " + published(directory));
    assertThat(published(directory))
        .content()
        .startsWith("LeakingTestCases.leaves_a_socket leaked 1 ")
        .contains("\n\nConfirmed\n", "\n\nWho allocated them\n", "\n\nThe machine\n");
  }

  @Test
  void a_setting_has_it_say_all(@TempDir Path directory) throws Exception {
    String message = message(directory, Map.of("noslableak.message", "full"));

    assertThat(published(directory)).hasContent(message);
    assertThat(message).contains("\n\nConfirmed\n", "\n\nWho allocated them\n");
  }
}
