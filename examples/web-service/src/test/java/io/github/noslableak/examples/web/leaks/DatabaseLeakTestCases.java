package io.github.noslableak.examples.web.leaks;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.NoSlabLeak;
import io.github.noslableak.examples.web.Note;
import io.github.noslableak.examples.web.store.Database;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Databases, pools and connections that are not closed. Run by {@link PlantedLeaksTests} alone. */
@Tag("leaking")
@NoSlabLeak
class DatabaseLeakTestCases {

  private static Database shared;

  @TempDir private Path directory;

  @BeforeAll
  static void open(@TempDir Path sharedDirectory) {
    shared = Database.sqlite(sharedDirectory.resolve("shared.db"));
  }

  @AfterAll
  static void close() {
    shared.close();
  }

  // The pool keeps one connection ready: the first that is not returned is not missed yet.
  @Test
  void borrows_connections_of_the_pool() throws SQLException {
    assertThat(isReachable()).isTrue();
    assertThat(isReachable()).isTrue();
  }

  private static boolean isReachable() throws SQLException {
    Connection connection = shared.connections().getConnection();
    return connection.isValid(1);
  }

  @Test
  void opens_a_connection() throws SQLException {
    Connection connection =
        DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("notes.db"));
    assertThat(connection.isValid(1)).isTrue();
  }

  @Test
  void opens_a_pool() throws SQLException {
    Database database = Database.sqlite(directory.resolve("notes.db"));
    Kept.forever(database);
    assertThat(database.notes().all()).isEmpty();
  }

  // A second pool in the same directory would open no file of its own: H2 shares them in a JVM.
  @Test
  void opens_an_h2_database() throws SQLException {
    Database database = Database.h2(directory.resolve("notes"));
    Kept.forever(database);
    database.notes().add(new Note("milk", "two litres"));
  }
}
