package io.github.noslableak.examples.web.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.NoSlabLeak;
import io.github.noslableak.examples.web.NoteService;
import io.github.noslableak.examples.web.jdk.JdkNoteServer;
import io.github.noslableak.examples.web.store.Database;
import java.io.IOException;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client for each test, on one server. */
@NoSlabLeak
class OkHttpNoteClientTests {

  private static Database database;
  private static JdkNoteServer server;
  private OkHttpNoteClient client;

  @BeforeAll
  static void start() throws IOException, SQLException {
    database = Database.h2InMemory("OkHttpNoteClientTests");
    server = new JdkNoteServer(new NoteService(database.notes(), note -> {}));
  }

  @AfterAll
  static void stop() {
    server.close();
    database.close();
  }

  @BeforeEach
  void open() {
    client = new OkHttpNoteClient(server.address());
  }

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void should_not_find_what_is_not_there() throws IOException {
    assertThat(client.get("nobody")).isEmpty();
  }

  @Test
  void should_use_its_connection_again() throws IOException {
    for (int i = 0; i < 20; i++) {
      assertThat(client.get("nobody")).isEmpty();
    }
  }
}
