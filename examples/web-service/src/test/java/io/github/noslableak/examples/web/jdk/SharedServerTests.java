package io.github.noslableak.examples.web.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.NoSlabLeak;
import io.github.noslableak.examples.web.Note;
import io.github.noslableak.examples.web.NoteService;
import io.github.noslableak.examples.web.client.JdkNoteClient;
import io.github.noslableak.examples.web.client.NoteClient;
import io.github.noslableak.examples.web.client.OkHttpNoteClient;
import io.github.noslableak.examples.web.client.UrlConnectionNoteClient;
import io.github.noslableak.examples.web.store.Database;
import java.io.IOException;
import java.sql.SQLException;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One server and one of each client for all tests of the class; their connections are kept alive.
 */
@NoSlabLeak
class SharedServerTests {

  private static Database database;
  private static JdkNoteServer server;
  private static JdkNoteClient jdk;
  private static UrlConnectionNoteClient urlConnection;
  private static OkHttpNoteClient okHttp;

  @BeforeAll
  static void start() throws IOException, SQLException {
    database = Database.h2InMemory("SharedServerTests");
    server = new JdkNoteServer(new NoteService(database.notes(), note -> {}));
    jdk = new JdkNoteClient(server.address());
    urlConnection = new UrlConnectionNoteClient(server.address());
    okHttp = new OkHttpNoteClient(server.address());
  }

  @AfterAll
  static void stop() {
    okHttp.close();
    server.close();
    database.close();
  }

  static Stream<Named<NoteClient>> clients() {
    return Stream.of(
        Named.of("java.net.http", jdk),
        Named.of("HttpURLConnection", urlConnection),
        Named.of("OkHttp", okHttp));
  }

  @ParameterizedTest
  @MethodSource("clients")
  void should_get_what_was_put(NoteClient client) throws IOException {
    Note note = new Note(UUID.randomUUID().toString(), "text");

    assertThat(client.put(note)).isTrue();
    assertThat(client.get(note.name())).contains("text");
  }

  @ParameterizedTest
  @MethodSource("clients")
  void should_not_find_what_is_not_there(NoteClient client) throws IOException {
    assertThat(client.get("nobody")).isEmpty();
  }

  @TestFactory
  Stream<DynamicTest> should_keep_any_text() {
    return Stream.of("", "two litres", "ä ö ü", "x".repeat(10_000))
        .map(text -> DynamicTest.dynamicTest(text.length() + " characters", () -> keeps(text)));
  }

  private void keeps(String text) throws IOException {
    Note note = new Note(UUID.randomUUID().toString(), text);

    assertThat(jdk.put(note)).isTrue();
    assertThat(urlConnection.get(note.name())).contains(text);
  }

  @Test
  void should_refuse_a_name_that_another_client_took() throws IOException {
    Note note = new Note(UUID.randomUUID().toString(), "text");

    assertThat(jdk.put(note)).isTrue();
    assertThat(okHttp.put(note)).isFalse();
    assertThat(urlConnection.put(note)).isFalse();
  }
}
