package io.github.noslableak.examples.web.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.NoSlabLeak;
import io.github.noslableak.examples.web.Note;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One database and one pool for all tests of the class, as most test suites have it. */
@NoSlabLeak
class SharedPoolTests {

  private static Database database;
  private static NoteRepository notes;

  @BeforeAll
  static void open(@TempDir Path directory) throws SQLException {
    database = Database.h2(directory.resolve("notes"));
    notes = database.notes();
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @Test
  void should_find_what_was_added() throws SQLException {
    Note note = new Note(UUID.randomUUID().toString(), "shared");
    notes.add(note);

    assertThat(notes.find(note.name())).contains(note);
  }

  @Test
  void should_serve_several_threads() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      Callable<Boolean> missing = () -> notes.find("nobody").isEmpty();
      for (Future<Boolean> answer :
          threads.invokeAll(Stream.generate(() -> missing).limit(16).toList())) {
        assertThat(answer.get()).isTrue();
      }
    } finally {
      threads.shutdown();
    }
  }
}
