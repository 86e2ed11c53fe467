package io.github.noslableak.examples.web.jdk;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.noslableak.examples.web.Note;
import io.github.noslableak.examples.web.NoteService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Notes over HTTP: PUT and GET on /notes/NAME. */
public final class JdkNoteServer implements AutoCloseable {

  private static final String PATH = "/notes/";

  private final NoteService notes;
  private final ExecutorService workers = Executors.newFixedThreadPool(4);
  private final HttpServer server;

  /**
   * Starts a server on a free port of the loopback interface.
   *
   * @param notes what it serves
   * @throws IOException if there is no port
   */
  public JdkNoteServer(NoteService notes) throws IOException {
    this.notes = notes;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(PATH, this::handle);
    server.setExecutor(workers);
    server.start();
  }

  /**
   * Where the server listens.
   *
   * @return the root
   */
  public URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String name = exchange.getRequestURI().getPath().substring(PATH.length());
      switch (exchange.getRequestMethod()) {
        case "GET" -> get(exchange, name);
        case "PUT" -> put(exchange, name);
        default -> exchange.sendResponseHeaders(405, -1);
      }
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  private void get(HttpExchange exchange, String name) throws IOException, SQLException {
    Optional<Note> note = notes.find(name);
    if (note.isEmpty()) {
      exchange.sendResponseHeaders(404, -1);
      return;
    }
    byte[] text = note.get().text().getBytes(UTF_8);
    exchange.sendResponseHeaders(200, text.length);
    exchange.getResponseBody().write(text);
  }

  private void put(HttpExchange exchange, String name) throws IOException, SQLException {
    String text = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    exchange.sendResponseHeaders(notes.add(new Note(name, text)) ? 201 : 409, -1);
  }

  @Override
  public void close() {
    server.stop(0);
    workers.shutdown();
  }
}
