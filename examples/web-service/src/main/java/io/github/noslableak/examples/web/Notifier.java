package io.github.noslableak.examples.web;

/** Whoever wants to know of new notes. */
public interface Notifier {

  /**
   * Called once for each note that was added.
   *
   * @param note the new note
   */
  void added(Note note);
}
