package io.github.noslableak.examples.web.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.noslableak.examples.web.Note;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.Optional;

/**
 * A client on HttpURLConnection, which keeps idle connections for the whole JVM for a few seconds.
 */
public final class UrlConnectionNoteClient implements NoteClient {

  private final URI server;

  /**
   * A client of one server.
   *
   * @param server its root
   */
  public UrlConnectionNoteClient(URI server) {
    this.server = server;
  }

  @Override
  public boolean put(Note note) throws IOException {
    HttpURLConnection connection = connect(note.name());
    connection.setRequestMethod("PUT");
    connection.setDoOutput(true);
    try (OutputStream body = connection.getOutputStream()) {
      body.write(note.text().getBytes(UTF_8));
    }
    return connection.getResponseCode() == 201;
  }

  @Override
  public Optional<String> get(String name) throws IOException {
    HttpURLConnection connection = connect(name);
    if (connection.getResponseCode() != 200) {
      return Optional.empty();
    }
    try (InputStream body = connection.getInputStream()) {
      return Optional.of(new String(body.readAllBytes(), UTF_8));
    }
  }

  private HttpURLConnection connect(String name) throws IOException {
    return (HttpURLConnection) server.resolve("/notes/" + name).toURL().openConnection();
  }
}
