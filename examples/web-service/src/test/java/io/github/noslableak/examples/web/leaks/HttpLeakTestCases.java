package io.github.noslableak.examples.web.leaks;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.github.noslableak.NoSlabLeak;
import io.github.noslableak.examples.web.Note;
import io.github.noslableak.examples.web.NoteService;
import io.github.noslableak.examples.web.jdk.JdkNoteServer;
import io.github.noslableak.examples.web.store.Database;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.SQLException;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** HTTP clients and servers that are not closed. Run by {@link PlantedLeaksTests} alone. */
@Tag("leaking")
@NoSlabLeak
class HttpLeakTestCases {

  private static final OkHttpClient OK_HTTP = new OkHttpClient();

  private static Database database;
  private static JdkNoteServer server;

  @BeforeAll
  static void start() throws IOException, SQLException {
    database = Database.h2InMemory("HttpLeakTestCases");
    NoteService notes = new NoteService(database.notes(), note -> {});
    notes.add(new Note("milk", "two litres"));
    server = new JdkNoteServer(notes);
  }

  @AfterAll
  static void stop() {
    OK_HTTP.connectionPool().evictAll();
    server.close();
    database.close();
  }

  @Test
  void looks_at_the_status_of_an_okhttp_response() throws IOException {
    Response response = OK_HTTP.newCall(new Request.Builder().url(url()).build()).execute();
    assertThat(response.code()).isEqualTo(200);
  }

  @Test
  void makes_an_okhttp_client_for_each_call() throws IOException {
    OkHttpClient client = new OkHttpClient();
    Kept.forever(() -> client.connectionPool().evictAll());
    try (Response response = client.newCall(new Request.Builder().url(url()).build()).execute()) {
      assertThat(response.code()).isEqualTo(200);
    }
  }

  @Test
  void makes_a_jdk_client_for_each_request() throws Exception {
    HttpClient client = HttpClient.newHttpClient();
    Kept.forever(() -> assertThat(client).isNotNull());
    HttpRequest request = HttpRequest.newBuilder(URI.create(url())).build();
    assertThat(client.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
  }

  @Test
  void starts_a_server() throws IOException {
    HttpServer started =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    started.start();
    Kept.forever(() -> started.stop(0));
  }

  private static String url() {
    return server.address() + "/notes/milk";
  }
}
