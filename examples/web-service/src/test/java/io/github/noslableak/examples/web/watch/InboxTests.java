package io.github.noslableak.examples.web.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.github.noslableak.NoSlabLeak;
import io.github.noslableak.examples.web.Note;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A directory that is watched. */
@NoSlabLeak
class InboxTests {

  @TempDir private Path directory;

  @Test
  void should_take_what_arrives() throws IOException, InterruptedException {
    Path inbox = Files.createDirectories(directory.resolve("inbox"));
    try (Inbox notes = new Inbox(inbox)) {
      Path file = Files.writeString(directory.resolve("milk"), "two litres");
      Files.move(file, inbox.resolve("milk"));

      assertThat(notes.next(Duration.ofSeconds(10))).contains(new Note("milk", "two litres"));
    }
    assertThat(inbox).isEmptyDirectory();
  }

  @Test
  void should_wait_no_longer_than_it_may() throws IOException, InterruptedException {
    try (Inbox notes = new Inbox(directory)) {
      assertThat(notes.next(Duration.ofMillis(10))).isEmpty();
    }
  }

  @Test
  void should_refuse_what_is_no_directory() {
    assertThatIOException().isThrownBy(() -> new Inbox(directory.resolve("nowhere")));
  }
}
