package io.github.noslableak.examples.web.store;

import io.github.noslableak.examples.web.Note;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** Notes in a table. */
public class NoteRepository {

  private final DataSource connections;

  /**
   * Notes in a database.
   *
   * @param connections where connections come from
   */
  public NoteRepository(DataSource connections) {
    this.connections = connections;
  }

  /**
   * Makes the table where it is not there yet.
   *
   * @throws SQLException if the database fails
   */
  public void createTable() throws SQLException {
    try (Connection connection = connections.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "create table if not exists notes (name varchar(100) primary key, text varchar(10000))");
    }
  }

  /**
   * Adds a note.
   *
   * @param note the note
   * @throws SQLException if the database fails, or if the name is taken
   */
  public void add(Note note) throws SQLException {
    addAll(List.of(note));
  }

  /**
   * Adds all notes or none.
   *
   * @param notes the notes
   * @throws SQLException if the database fails, or if a name is taken
   */
  public void addAll(List<Note> notes) throws SQLException {
    try (Connection connection = connections.getConnection();
        PreparedStatement insert =
            connection.prepareStatement("insert into notes (name, text) values (?, ?)")) {
      connection.setAutoCommit(false);
      try {
        for (Note note : notes) {
          insert.setString(1, note.name());
          insert.setString(2, note.text());
          insert.executeUpdate();
        }
        connection.commit();
      } catch (SQLException e) {
        connection.rollback();
        throw e;
      }
    }
  }

  /**
   * Finds a note.
   *
   * @param name its name
   * @return the note, if there is one
   * @throws SQLException if the database fails
   */
  public Optional<Note> find(String name) throws SQLException {
    try (Connection connection = connections.getConnection();
        PreparedStatement query =
            connection.prepareStatement("select text from notes where name = ?")) {
      query.setString(1, name);
      try (ResultSet found = query.executeQuery()) {
        return found.next() ? Optional.of(new Note(name, found.getString(1))) : Optional.empty();
      }
    }
  }

  /**
   * Lists all notes.
   *
   * @return the notes by name
   * @throws SQLException if the database fails
   */
  public List<Note> all() throws SQLException {
    try (Connection connection = connections.getConnection();
        Statement query = connection.createStatement();
        ResultSet found = query.executeQuery("select name, text from notes order by name")) {
      List<Note> notes = new ArrayList<>();
      while (found.next()) {
        notes.add(new Note(found.getString(1), found.getString(2)));
      }
      return notes;
    }
  }
}
