package io.github.noslableak.examples.web.jetty;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.noslableak.examples.web.Note;
import io.github.noslableak.examples.web.NoteService;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.util.Optional;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Notes over HTTP: PUT and GET on /notes/NAME. */
public final class JettyNoteServer implements AutoCloseable {

  private static final String PATH = "/notes/";

  private final Server server = new Server(new QueuedThreadPool(16));
  private final ServerConnector connector = new ServerConnector(server, 1, 1);

  /**
   * Starts a server on a free port of the loopback interface.
   *
   * @param notes what it serves
   * @throws IOException if it cannot be started
   */
  public JettyNoteServer(NoteService notes) throws IOException {
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(new NoteHandler(notes));
    try {
      server.start();
    } catch (Exception e) {
      throw new IOException("Jetty did not start", e);
    }
  }

  /**
   * Where the server listens.
   *
   * @return the root
   */
  public URI address() {
    return URI.create("http://127.0.0.1:" + connector.getLocalPort());
  }

  @Override
  public void close() throws IOException {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IOException("Jetty did not stop", e);
    }
  }

  private static final class NoteHandler extends Handler.Abstract {

    private final NoteService notes;

    NoteHandler(NoteService notes) {
      this.notes = notes;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback)
        throws IOException, SQLException {
      String path = Request.getPathInContext(request);
      if (!path.startsWith(PATH)) {
        return false;
      }
      String name = path.substring(PATH.length());
      if (request.getMethod().equals("PUT")) {
        Note note = new Note(name, Content.Source.asString(request, UTF_8));
        response.setStatus(notes.add(note) ? 201 : 409);
        callback.succeeded();
        return true;
      }
      Optional<Note> note = notes.find(name);
      response.setStatus(note.isPresent() ? 200 : 404);
      Content.Sink.write(response, true, note.map(Note::text).orElse(""), callback);
      return true;
    }
  }
}
