package io.github.noslableak.examples.web.client;

import io.github.noslableak.examples.web.Note;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Optional;

/** A client on java.net.http. It keeps a selector until it is collected: make one and share it. */
public final class JdkNoteClient implements NoteClient {

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI server;

  /**
   * A client of one server.
   *
   * @param server its root
   */
  public JdkNoteClient(URI server) {
    this.server = server;
  }

  @Override
  public boolean put(Note note) throws IOException {
    return send(request(note.name()).PUT(BodyPublishers.ofString(note.text()))).statusCode() == 201;
  }

  @Override
  public Optional<String> get(String name) throws IOException {
    HttpResponse<String> response = send(request(name).GET());
    return response.statusCode() == 200 ? Optional.of(response.body()) : Optional.empty();
  }

  private HttpRequest.Builder request(String name) {
    return HttpRequest.newBuilder(server.resolve("/notes/" + name));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
