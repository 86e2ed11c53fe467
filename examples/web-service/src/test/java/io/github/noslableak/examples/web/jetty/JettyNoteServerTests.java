package io.github.noslableak.examples.web.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.NoSlabLeak;
import io.github.noslableak.examples.web.Note;
import io.github.noslableak.examples.web.NoteService;
import io.github.noslableak.examples.web.client.OkHttpNoteClient;
import io.github.noslableak.examples.web.client.UrlConnectionNoteClient;
import io.github.noslableak.examples.web.store.Database;
import java.io.IOException;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Jetty, started and stopped by each test. */
@NoSlabLeak
class JettyNoteServerTests {

  private Database database;
  private JettyNoteServer server;

  @BeforeEach
  void start() throws IOException, SQLException {
    database = Database.h2InMemory("JettyNoteServerTests");
    server = new JettyNoteServer(new NoteService(database.notes(), note -> {}));
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    database.close();
  }

  @Test
  void should_get_what_was_put() throws IOException {
    try (OkHttpNoteClient client = new OkHttpNoteClient(server.address())) {
      assertThat(client.put(new Note("milk", "two litres"))).isTrue();
      assertThat(client.get("milk")).contains("two litres");
    }
  }

  @Test
  void should_not_find_what_is_not_there() throws IOException {
    assertThat(new UrlConnectionNoteClient(server.address()).get("milk")).isEmpty();
  }
}
