package io.github.noslableak.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.noslableak.cli.Main;
import io.github.noslableak.testkit.Child;
import io.github.noslableak.testkit.Leaks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Any program as the body: what it leaves is told, and its own exit code is kept apart. */
@LiveTest
class RunCommandTests {

  private static final String CLEAN =
      """
      echo "output of its own"
      for i in 1 2 3; do f=$(mktemp); echo x > $f; rm $f; done
      """;

  /** Leaves a System V segment, as a program of C does that forgets to remove it. */
  private static final String SEGMENT =
      """
      #include <stdio.h>
      #include <sys/shm.h>
      int main(int count, char **argument) {
        int id = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
        if (count > 1) shmctl(id, IPC_RMID, 0);
        else printf("segment %d\\n", id);
        return id < 0;
      }
      """;

  private static final Pattern SAID = Pattern.compile("segment (\\d+)");

  @RegisterExtension final Leaks leaks = new Leaks();
  @TempDir private Path directory;

  private static Child.Ended run(String... arguments) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("run", "--linger", "500ms"));
    all.addAll(List.of(arguments));
    try (Child child = Child.jvm(List.of(), Main.class, all.toArray(String[]::new))) {
      Child.Ended ended = child.awaitEnd();
      // Another build on this machine may be measuring: that it waits is no output of the command.
      return new Child.Ended(
          ended.status(), ended.output().replaceAll("(?m)^NoSlabLeak waits for .*\\R", ""));
    }
  }

  private String script(String text) throws IOException {
    return Files.writeString(directory.resolve("script"), text).toString();
  }

  private String program() throws IOException, InterruptedException {
    Path source = Files.writeString(directory.resolve("segment.c"), SEGMENT);
    String program = directory.resolve("segment").toString();
    String ignored = Child.run("cc", "-o", program, source.toString());
    return program;
  }

  @Test
  void a_clean_script() throws Exception {
    Path json = directory.resolve("found.json");
    Child.Ended ended = run("--json", json.toString(), "--", "sh", script(CLEAN));

    assertThat(ended.status()).as(ended.output()).isZero();
    assertThat(ended.output())
        .startsWith("output of its own\n")
        .contains("is clean: none of ")
        .containsPattern("The command ran (once|\\d+ times), and ended with 0 each time.\n$");
    JsonObject found = JsonParser.parseString(Files.readString(json)).getAsJsonObject();
    assertThat(found.get("found").getAsString()).isEqualTo("clean");
    assertThat(found.get("commandExit").getAsInt()).isZero();
  }

  @Test
  void a_script_that_leaves_a_process() throws Exception {
    Path pids = directory.resolve("pids");
    leaks.undo(() -> Files.readAllLines(pids).forEach(RunCommandTests::kill));
    Child.Ended ended =
        run(
            "--caches",
            "filp",
            "--",
            "sh",
            script("sleep 100 </dev/null >/dev/null 2>&1 & echo $! >>" + pids));

    assertThat(ended.status()).as(ended.output()).isEqualTo(1);
    assertThat(ended.output())
        .contains("started by the test and still run")
        .containsPattern("sleep \\(\\d+\\)")
        .containsPattern("filp \\+\\d+, \\+\\d+: \\d+.00 per iteration, it leaks")
        .endsWith("The command ran 4 times, and ended with 0 each time.\n");
  }

  private static void kill(String pid) {
    ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
  }

  @Test
  void a_program_of_C_that_leaves_a_segment() throws Exception {
    Child.Ended ended = run("--caches", "@files", "--", program());
    removeSegments(ended.output());

    assertThat(ended.status()).as(ended.output()).isEqualTo(1);
    assertThat(ended.output())
        .contains("leaked ")
        .contains("1 shmem_inode_cache")
        .contains("The kernel holds them for System V shared memory.")
        .contains("- ipcs -m lists it, ipcrm -m ID removes it.");
  }

  private void removeSegments(String output) {
    SAID.matcher(output)
        .results()
        .forEach(said -> leaks.undo(() -> Child.run("ipcrm", "-m", said.group(1))));
  }

  @Test
  void a_program_of_C_that_removes_it() throws Exception {
    Child.Ended ended = run("--caches", "@files", "--iterations", "3", "--", program(), "remove");

    assertThat(ended.status()).as(ended.output()).isZero();
    assertThat(ended.output())
        .as("three times, and more if a neighbour of ours raised a suspicion")
        .containsPattern("The command ran \\d+ times, and ended with 0 each time.\n$");
  }

  @Test
  void a_command_that_fails() throws Exception {
    Path json = directory.resolve("found.json");
    Child.Ended ended = run("--json", json.toString(), "--", "sh", "-c", "exit 7");

    assertThat(ended.status()).isEqualTo(5);
    assertThat(ended.output())
        .isEqualTo(
            "sh -c exit 7 ended with exit code 7 in run 1, so what it left was not judged\n");
    JsonObject found = JsonParser.parseString(Files.readString(json)).getAsJsonObject();
    assertThat(found.get("found").getAsString()).isEqualTo("command_failed");
    assertThat(found.get("commandExit").getAsInt()).isEqualTo(7);
  }

  @Test
  void a_command_that_is_not_there() throws Exception {
    Child.Ended ended = run("--", "/no/such/program");

    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.output()).contains("/no/such/program").hasLineCount(1);
  }

  @Test
  void a_cache_that_is_not_there() throws Exception {
    Child.Ended ended = run("--caches", "dentri", "--", "true");

    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.output()).contains("dentri").contains("dentry").doesNotContain("\tat ");
  }

  @Test
  void this_machine_now() throws Exception {
    try (Child child = Child.jvm(List.of(), Main.class, "analyze", "--live")) {
      Child.Ended ended = child.awaitEnd();

      assertThat(ended.status()).as(ended.output()).isBetween(0, 1);
      assertThat(ended.output()).startsWith("this machine (Linux ").contains("The caches\n");
    }
  }

  /** Ten sockets a look; a counter of slabinfo moves by whole slabs. */
  @Test
  void this_machine_again_and_again_until_it_is_stopped() throws Exception {
    try (Child watch = Child.jvm(List.of(), Main.class, "analyze", "--every", "200ms")) {
      watch.awaitLineStartingWith("look 2,");
      for (int i = 0; i < 40; i++) {
        leaks.sockets(10);
        Thread.sleep(100);
      }
      String line = watch.awaitLineStartingWith("look 2");
      Child.Ended ended = watch.terminate();

      assertThat(line).contains("slab ");
      assertThat(ended.output())
          .containsPattern(
              "TCP(v6)? \\+\\d+, \\+[\\d,]+ an hour \\(\\+[\\d,]+ to \\+[\\d,]+ with 95 % confidence\\)")
          .contains("From this machine")
          .contains("These caches grew by ")
          .contains("@NoSlabLeak(caches = {");
    }
  }
}
