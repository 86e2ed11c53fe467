package io.github.noslableak.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.jvm.Open;
import io.github.noslableak.jvm.OpenAgent;
import io.github.noslableak.jvm.OpenRecording;
import io.github.noslableak.testkit.Child;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/** How the agent comes into a JVM of a JDK whose flight recorder traces no methods. */
@EnabledForJreRange(max = JRE.JAVA_23, disabledReason = "from JDK 25 on no agent is needed")
class AgentTests {

  @TempDir Path dir;

  /** Records one file that it opens. */
  static final class Program {

    private Program() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws IOException {
      try (OpenRecording recording = OpenRecording.start()) {
        new FileInputStream("/etc/hostname").close();
        System.out.println(
            recording.stop().stream()
                .flatMap((Open open) -> open.frames().stream())
                .collect(Collectors.joining("\n", "opened by ", "")));
      } catch (IOException e) {
        System.out.println("not recorded: " + e.getMessage());
      }
    }
  }

  private static String run(String... options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Program.class.getName()));
    return Child.run(command.toArray(String[]::new));
  }

  @Test
  void it_is_loaded_where_none_was_given() throws Exception {
    assertThat(run()).contains("opened by " + Program.class.getName() + ".main:");
  }

  /** As that of the library, whose manifest is Maven's. */
  private Path jar() throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Premain-Class", OpenAgent.class.getName());
    manifest.getMainAttributes().putValue("Can-Retransform-Classes", "true");
    Path jar = dir.resolve("agent.jar");
    String name = OpenAgent.class.getName().replace('.', '/') + ".class";
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file, manifest);
        InputStream bytes = OpenAgent.class.getResourceAsStream("/" + name)) {
      out.putNextEntry(new ZipEntry(name));
      bytes.transferTo(out);
    }
    return jar;
  }

  @Test
  void one_that_was_given_is_used_also_where_none_can_be_loaded() throws Exception {
    assertThat(run("-XX:+DisableAttachMechanism", "-javaagent:" + jar()))
        .contains("opened by " + Program.class.getName() + ".main:");
  }

  @Test
  void where_none_can_be_loaded_it_is_said_how_to_give_one() throws Exception {
    assertThat(run("-XX:+DisableAttachMechanism"))
        .startsWith("not recorded: no agent can be loaded (")
        .contains("; to have it, start the tests' JVM with -javaagent: and the path of");
  }

  @Test
  void nothing_of_it_stays_in_the_temporary_directory() throws Exception {
    Path temporary = Files.createDirectory(dir.resolve("tmp"));
    assertThat(run("-Djava.io.tmpdir=" + temporary)).contains("opened by ");
    try (Stream<Path> files = Files.list(temporary)) {
      assertThat(files.filter(file -> file.getFileName().toString().startsWith("noslableak")))
          .isEmpty();
    }
  }
}
