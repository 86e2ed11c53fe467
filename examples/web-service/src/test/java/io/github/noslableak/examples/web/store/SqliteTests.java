package io.github.noslableak.examples.web.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.NoSlabLeak;
import io.github.noslableak.examples.web.Note;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SQLite in a file of the test's own directory, a pool for each test. */
@NoSlabLeak
class SqliteTests {

  private Database database;

  @BeforeEach
  void open(@TempDir Path directory) {
    database = Database.sqlite(directory.resolve("notes.db"));
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void should_add_a_note_under_a_fixed_name() throws SQLException {
    NoteRepository notes = database.notes();
    notes.add(new Note("milk", "two litres"));

    assertThat(notes.find("milk")).contains(new Note("milk", "two litres"));
  }

  @Test
  void should_read_on_two_connections_at_once() throws SQLException {
    try (Connection first = database.connections().getConnection();
        Connection second = database.connections().getConnection()) {
      assertThat(first.isValid(1)).isTrue();
      assertThat(second.isValid(1)).isTrue();
    }
  }
}
