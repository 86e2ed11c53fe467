package io.github.noslableak.examples.web.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.noslableak.NoSlabLeak;
import io.github.noslableak.examples.web.Note;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Zip files. */
@NoSlabLeak
class NoteArchiveTests {

  @TempDir private Path directory;

  @Test
  void should_read_what_was_written() throws IOException {
    List<Note> notes = List.of(new Note("milk", "two litres"), new Note("bread", "a loaf"));
    NoteArchive archive = new NoteArchive(directory.resolve("notes.zip"));
    archive.write(notes);

    assertThat(archive.read()).isEqualTo(notes);
  }

  @Test
  void should_refuse_what_is_no_archive() throws IOException {
    Path file = Files.writeString(directory.resolve("notes.zip"), "no archive");

    assertThatThrownBy(() -> new NoteArchive(file).read()).isInstanceOf(ZipException.class);
  }

  @TestFactory
  Stream<DynamicTest> should_read_archives_of_any_size() {
    return Stream.of(0, 1, 1000)
        .map(size -> DynamicTest.dynamicTest(size + " notes", () -> readsNotes(size)));
  }

  private void readsNotes(int size) throws IOException {
    List<Note> notes =
        IntStream.range(0, size).mapToObj(i -> new Note("note-" + i, "text " + i)).toList();
    NoteArchive archive = new NoteArchive(directory.resolve(size + ".zip"));
    archive.write(notes);

    assertThat(archive.read()).isEqualTo(notes);
  }
}
