package io.github.noslableak.examples.web.jdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.github.noslableak.NoSlabLeak;
import io.github.noslableak.examples.web.Note;
import io.github.noslableak.examples.web.NoteService;
import io.github.noslableak.examples.web.client.OkHttpNoteClient;
import io.github.noslableak.examples.web.client.UrlConnectionNoteClient;
import io.github.noslableak.examples.web.store.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server, with its database in a file, for each test. */
@NoSlabLeak
class ServerPerTestTests {

  private Database database;
  private JdkNoteServer server;

  @BeforeEach
  void start(@TempDir Path directory) throws IOException, SQLException {
    database = Database.h2(directory.resolve("notes"));
    server = new JdkNoteServer(new NoteService(database.notes(), note -> {}));
  }

  @AfterEach
  void stop() {
    server.close();
    database.close();
  }

  @Test
  void should_put_through_url_connection_under_a_fixed_name() throws IOException {
    UrlConnectionNoteClient client = new UrlConnectionNoteClient(server.address());

    assertThat(client.put(new Note("milk", "two litres"))).isTrue();
    assertThat(client.put(new Note("milk", "three litres"))).isFalse();
  }

  @Test
  void should_get_through_okhttp() throws IOException {
    try (OkHttpNoteClient client = new OkHttpNoteClient(server.address())) {
      assertThat(client.get("milk")).isEmpty();
    }
  }

  @Test
  void should_refuse_connections_once_closed() throws IOException {
    try (OkHttpNoteClient client = new OkHttpNoteClient(server.address())) {
      assertThat(client.get("milk")).isEmpty();
      server.close();

      assertThatIOException().isThrownBy(() -> client.get("milk"));
    }
  }
}
