package io.github.noslableak.examples.web.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.NoSlabLeak;
import io.github.noslableak.examples.web.Note;
import java.sql.SQLException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** H2 in memory, a database for each test. */
@NoSlabLeak
class H2MemoryTests {

  private Database database;
  private NoteRepository notes;

  @BeforeEach
  void open() throws SQLException {
    database = Database.h2InMemory("H2MemoryTests");
    notes = database.notes();
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Nested
  class WhenEmpty {

    @Test
    void should_find_nothing() throws SQLException {
      assertThat(notes.find("milk")).isEmpty();
    }
  }

  @Nested
  class WithManyNotes {

    @BeforeEach
    void add() throws SQLException {
      notes.addAll(
          IntStream.range(0, 500).mapToObj(i -> new Note("note-" + i, "text " + i)).toList());
    }

    @Test
    void should_list_them_all() throws SQLException {
      assertThat(notes.all()).hasSize(500);
    }

    @Test
    void should_find_one() throws SQLException {
      assertThat(notes.find("note-321")).contains(new Note("note-321", "text 321"));
    }
  }
}
