package io.github.noslableak.examples.web.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.SQLException;
import javax.sql.DataSource;

/** A database and the pool of connections to it. */
public final class Database implements AutoCloseable {

  private final HikariDataSource pool;

  private Database(String url) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setMinimumIdle(1);
    config.setMaximumPoolSize(20);
    pool = new HikariDataSource(config);
  }

  /**
   * An H2 database in a file.
   *
   * @param file the file without H2's extension
   * @return the database, made where it was not there
   */
  public static Database h2(Path file) {
    return new Database("jdbc:h2:file:" + file.toAbsolutePath());
  }

  /**
   * An H2 database in memory, gone when it is closed.
   *
   * @param name its name within this JVM
   * @return the database
   */
  public static Database h2InMemory(String name) {
    return new Database("jdbc:h2:mem:" + name);
  }

  /**
   * An SQLite database in a file.
   *
   * @param file the file
   * @return the database, made where it was not there
   */
  public static Database sqlite(Path file) {
    return new Database("jdbc:sqlite:" + file.toAbsolutePath());
  }

  /**
   * The pool.
   *
   * @return where connections come from
   */
  public DataSource connections() {
    return pool;
  }

  /**
   * The notes in this database.
   *
   * @return the notes, their table made
   * @throws SQLException if the database fails
   */
  public NoteRepository notes() throws SQLException {
    NoteRepository notes = new NoteRepository(pool);
    notes.createTable();
    return notes;
  }

  @Override
  public void close() {
    pool.close();
  }
}
