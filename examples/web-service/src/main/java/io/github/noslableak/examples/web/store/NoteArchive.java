package io.github.noslableak.examples.web.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.noslableak.examples.web.Note;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Notes in a zip file.
 *
 * @param file the zip file
 */
public record NoteArchive(Path file) {

  /**
   * Writes the file, in place of one that was there.
   *
   * @param notes the notes
   * @throws IOException if it cannot be written
   */
  public void write(List<Note> notes) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (Note note : notes) {
        zip.putNextEntry(new ZipEntry(note.name()));
        zip.write(note.text().getBytes(UTF_8));
        zip.closeEntry();
      }
    }
  }

  /**
   * Reads the file.
   *
   * @return the notes as they were written
   * @throws IOException if it is no zip file or cannot be read
   */
  public List<Note> read() throws IOException {
    List<Note> notes = new ArrayList<>();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        try (InputStream text = zip.getInputStream(entry)) {
          notes.add(new Note(entry.getName(), new String(text.readAllBytes(), UTF_8)));
        }
      }
    }
    return notes;
  }
}
