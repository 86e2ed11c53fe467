package io.github.noslableak.examples.web.client;

import io.github.noslableak.examples.web.Note;
import java.io.IOException;
import java.util.Optional;

/** What a client of the service can do. */
public interface NoteClient {

  /**
   * Adds a note.
   *
   * @param note the note
   * @return whether it was added; false if its name is taken
   * @throws IOException if the service cannot be reached or fails
   */
  boolean put(Note note) throws IOException;

  /**
   * Gets a note.
   *
   * @param name its name
   * @return its text, if there is such a note
   * @throws IOException if the service cannot be reached or fails
   */
  Optional<String> get(String name) throws IOException;
}
