package io.github.noslableak.examples.web.client;

import io.github.noslableak.examples.web.Note;
import java.io.IOException;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** A client on OkHttp, which keeps idle connections for five minutes unless it is closed. */
public final class OkHttpNoteClient implements NoteClient, AutoCloseable {

  private static final MediaType TEXT = MediaType.get("text/plain; charset=utf-8");

  private final OkHttpClient http = new OkHttpClient();
  private final URI server;

  /**
   * A client of one server.
   *
   * @param server its root
   */
  public OkHttpNoteClient(URI server) {
    this.server = server;
  }

  @Override
  public boolean put(Note note) throws IOException {
    try (Response response =
        send(request(note.name()).put(RequestBody.create(note.text(), TEXT)))) {
      return response.code() == 201;
    }
  }

  @Override
  public Optional<String> get(String name) throws IOException {
    try (Response response = send(request(name))) {
      return response.isSuccessful()
          ? Optional.of(Objects.requireNonNull(response.body()).string())
          : Optional.empty();
    }
  }

  private Request.Builder request(String name) {
    return new Request.Builder().url(server.resolve("/notes/" + name).toString());
  }

  private Response send(Request.Builder request) throws IOException {
    return http.newCall(request.build()).execute();
  }

  @Override
  public void close() {
    http.dispatcher().executorService().shutdown();
    http.connectionPool().evictAll();
  }
}
