package io.github.noslableak.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.noslableak.SlabGuard;
import io.github.noslableak.SlabLeakError;
import io.github.noslableak.evidence.FilesInMemory;
import io.github.noslableak.evidence.OpenFiles;
import io.github.noslableak.kernel.Libc;
import io.github.noslableak.kernel.Writeback;
import io.github.noslableak.testkit.Child;
import io.github.noslableak.testkit.Leaks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Beside file systems whose server never answers, so that whoever asks them anything waits for
 * ever: one of them in a file system in memory, where files are looked for, and a process that
 * waits.
 */
@LiveTest
class DeadFileSystemTests {

  private static final Duration LIMIT = Duration.ofSeconds(5);

  @RegisterExtension final Leaks leaks = new Leaks();

  private Path mounted = Path.of("/");

  @BeforeEach
  void mount() throws Exception {
    mounted = Files.createTempDirectory(Path.of("/dev/shm"), "noslableak-dead");
    leaks.undo(() -> Files.delete(mounted));
    int server = Libc.open("/dev/fuse", Libc.O_RDWR | Libc.O_CLOEXEC, 0);
    assertThat(server).isNotNegative();
    // Which ends the connection, and so all that wait for it.
    leaks.undo(() -> assertThat(Libc.close(server)).isZero());
    String options = "fd=" + server + ",rootmode=40000,user_id=0,group_id=0";
    assertThat(Libc.mount("dead", mounted.toString(), "fuse", 0, options)).isZero();
    leaks.undo(() -> assertThat(Libc.umount2(mounted.toString(), Libc.MNT_DETACH)).isZero());
    leaks.keep(Child.start("cat", mounted.resolve("file").toString()));
  }

  @Test
  void nothing_that_is_looked_at_waits_for_it() throws Exception {
    FilesInMemory files = FilesInMemory.scan(LIMIT);
    OpenFiles processes = OpenFiles.scan(LIMIT);
    Writeback.await();

    assertThat(files.complete()).isTrue();
    assertThat(files.names())
        .contains(mounted)
        .noneMatch(name -> name.startsWith(mounted) && !name.equals(mounted));
    assertThat(processes.processes().keySet()).anyMatch(holder -> holder.name().equals("cat"));
    assertThat(processes.stuck()).isEmpty();
    assertThat(Writeback.left()).anyMatch(mount -> mount.point().equals(mounted.toString()));
  }

  @Test
  void a_clean_test_passes_and_a_leak_is_told_with_what_could_not_be_written_out()
      throws Exception {
    SlabGuard guard = SlabGuard.watching("@io");

    guard.check(() -> Files.delete(Files.createTempFile("noslableak", null)));

    assertThatThrownBy(() -> guard.check(() -> leaks.sockets(1)))
        .isInstanceOf(SlabLeakError.class)
        .hasMessageContaining(
            "Not written out before counting, for their servers or devices may not answer: ")
        .hasMessageContaining(mounted + " (fuse)");
  }
}
