package io.github.noslableak.examples.web.spring;

import io.github.noslableak.examples.web.Note;
import io.github.noslableak.examples.web.NoteService;
import java.sql.SQLException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Notes over HTTP: PUT and GET on /notes/NAME. */
@RestController
public class NoteController {

  private final NoteService notes;

  /**
   * A controller on the service.
   *
   * @param notes the service
   */
  public NoteController(NoteService notes) {
    this.notes = notes;
  }

  /**
   * Gets a note.
   *
   * @param name its name
   * @return the note, or 404
   * @throws SQLException if the database fails
   */
  @GetMapping("/notes/{name}")
  public ResponseEntity<Note> get(@PathVariable("name") String name) throws SQLException {
    return ResponseEntity.of(notes.find(name));
  }

  /**
   * Adds a note.
   *
   * @param name its name
   * @param text its text
   * @return 201, or 409 if the name is taken
   * @throws SQLException if the database fails
   */
  @PutMapping("/notes/{name}")
  public ResponseEntity<Void> put(@PathVariable("name") String name, @RequestBody String text)
      throws SQLException {
    boolean added = notes.add(new Note(name, text));
    return ResponseEntity.status(added ? HttpStatus.CREATED : HttpStatus.CONFLICT).build();
  }
}
