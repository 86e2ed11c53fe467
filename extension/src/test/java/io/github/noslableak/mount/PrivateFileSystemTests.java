package io.github.noslableak.mount;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.proc.ProcessId;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class PrivateFileSystemTests {

  @Test
  @EnabledOnOs(OS.LINUX)
  void only_the_directories_of_dead_processes_are_removed(@TempDir Path mounts) throws Exception {
    long self = ProcessHandle.current().pid();
    Path dead = Files.createDirectory(mounts.resolve("2147483647-1-0"));
    Path formerPid = Files.createDirectory(mounts.resolve(self + "-1-0"));
    Path filled = Files.createDirectory(mounts.resolve("2147483647-1-1"));
    Files.createFile(filled.resolve("file"));
    Path foreign = Files.createDirectory(mounts.resolve("other"));
    Path elsewhere = Files.createDirectory(mounts.resolve("2147483647-1"));
    Path own = Files.createDirectory(mounts.resolve(ProcessId.ofThisJvm().joined('-') + "-7"));

    PrivateFileSystem.removeLeftovers(mounts);

    assertThat(dead).doesNotExist();
    assertThat(formerPid).doesNotExist();
    assertThat(filled.resolve("file")).exists();
    assertThat(foreign).exists();
    assertThat(elsewhere).exists();
    assertThat(own).exists();
  }
}
