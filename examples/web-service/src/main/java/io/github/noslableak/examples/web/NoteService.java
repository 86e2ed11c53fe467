package io.github.noslableak.examples.web;

import io.github.noslableak.examples.web.store.NoteRepository;
import java.sql.SQLException;
import java.util.Optional;

/** Adds notes and tells of them. */
public final class NoteService {

  private final NoteRepository notes;
  private final Notifier notifier;

  /**
   * A service on a repository.
   *
   * @param notes where notes are kept
   * @param notifier who is told of new ones
   */
  public NoteService(NoteRepository notes, Notifier notifier) {
    this.notes = notes;
    this.notifier = notifier;
  }

  /**
   * Adds a note unless its name is taken.
   *
   * @param note the note
   * @return whether it was added
   * @throws SQLException if the database fails
   */
  public boolean add(Note note) throws SQLException {
    if (notes.find(note.name()).isPresent()) {
      return false;
    }
    notes.add(note);
    notifier.added(note);
    return true;
  }

  /**
   * Finds a note.
   *
   * @param name its name
   * @return the note, if there is one
   * @throws SQLException if the database fails
   */
  public Optional<Note> find(String name) throws SQLException {
    return notes.find(name);
  }
}
