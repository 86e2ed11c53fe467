package io.github.noslableak.examples.web.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.noslableak.NoSlabLeak;
import io.github.noslableak.examples.web.Note;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** H2 in a file of the test's own directory. */
@NoSlabLeak
class H2FileTests {

  @TempDir private Path directory;

  // The second run in the same directory would find the name taken.
  @Test
  void should_add_a_note_under_a_fixed_name() throws SQLException {
    try (Database database = Database.h2(directory.resolve("notes"))) {
      database.notes().add(new Note("milk", "two litres"));

      assertThat(database.notes().all()).containsExactly(new Note("milk", "two litres"));
    }
  }

  @Test
  void should_find_a_note_after_reopening() throws SQLException {
    try (Database database = Database.h2(directory.resolve("notes"))) {
      database.notes().add(new Note("milk", "two litres"));
    }
    try (Database database = Database.h2(directory.resolve("notes"))) {
      assertThat(database.notes().find("milk")).contains(new Note("milk", "two litres"));
    }
  }

  @Test
  void should_refuse_a_name_twice_and_keep_none_of_the_others() throws SQLException {
    try (Database database = Database.h2(directory.resolve("notes"))) {
      NoteRepository notes = database.notes();

      assertThatThrownBy(
              () ->
                  notes.addAll(List.of(new Note("a", "1"), new Note("b", "2"), new Note("a", "3"))))
          .isInstanceOf(SQLIntegrityConstraintViolationException.class);

      assertThat(notes.all()).isEmpty();
    }
  }
}
