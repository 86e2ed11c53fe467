package io.github.noslableak.examples.web.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.NoSlabLeak;
import io.github.noslableak.examples.web.NoteService;
import io.github.noslableak.examples.web.jdk.JdkNoteServer;
import io.github.noslableak.examples.web.store.Database;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * One java.net.http client for the whole class, as its documentation asks for, and a server each.
 */
@NoSlabLeak
class JdkNoteClientTests {

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private Database database;
  private JdkNoteServer server;

  @BeforeEach
  void start() throws IOException, SQLException {
    database = Database.h2InMemory("JdkNoteClientTests");
    server = new JdkNoteServer(new NoteService(database.notes(), note -> {}));
  }

  @AfterEach
  void stop() {
    server.close();
    database.close();
  }

  @Test
  void should_get_an_answer() throws Exception {
    assertThat(HTTP.send(request("nobody"), BodyHandlers.discarding()).statusCode()).isEqualTo(404);
  }

  @Test
  void should_get_many_answers_at_once() {
    List<CompletableFuture<HttpResponse<Void>>> answers =
        IntStream.range(0, 10)
            .mapToObj(i -> HTTP.sendAsync(request("note-" + i), BodyHandlers.discarding()))
            .toList();

    assertThat(answers).allSatisfy(answer -> assertThat(answer.join().statusCode()).isEqualTo(404));
  }

  private HttpRequest request(String name) {
    URI uri = server.address().resolve("/notes/" + name);
    return HttpRequest.newBuilder(uri).build();
  }
}
