package io.github.noslableak.testkit;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What a test leaves behind on purpose. It is undone after each test, the last first, and one undo
 * that fails keeps no other from being done.
 *
 * <pre>{@code
 * @RegisterExtension final Leaks leaks = new Leaks();
 *
 * ServerSocket leaked = leaks.keep(new ServerSocket(0));
 * leaks.undo(() -> Files.delete(file));
 * }</pre>
 *
 * Static where the leaking code is that of test cases, which know no instance of the test.
 */
public final class Leaks implements AfterEachCallback {

  /** Undoes something. */
  @FunctionalInterface
  public interface Undo {
    void run() throws Exception;
  }

  private final Deque<Undo> undos = new ArrayDeque<>();

  /** Closes it when the test is over. */
  public <T extends AutoCloseable> T keep(T leaked) {
    undos.push(leaked::close);
    return leaked;
  }

  /** Does it when the test is over. */
  public void undo(Undo undo) {
    undos.push(undo);
  }

  /** Opens so many sockets, and keeps them until the test is over. */
  public void sockets(int count) {
    for (int i = 0; i < count; i++) {
      try {
        keep(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Starts a server that answers everything with 204, and runs until the test is over. */
  public URI httpServer() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> exchange.sendResponseHeaders(204, -1));
    server.start();
    undo(() -> server.stop(0));
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
  }

  /**
   * Starts a program of Perl as a process that is none of this JVM's: init has adopted it. It runs
   * until the test is over, but no longer than two minutes, also where this JVM was killed; a
   * program that sets an alarm of its own lives by that.
   */
  public void unrelated(String perl) throws IOException, InterruptedException {
    String pid =
        Child.run(
                "sh",
                "-c",
                "setsid perl -e \"$0\" </dev/null >/dev/null 2>&1 & echo $!",
                "alarm 120; " + perl)
            .strip();
    undo(() -> Child.run("kill", "-9", "--", "-" + pid));
    Thread.sleep(300);
  }

  /** Sets a system property until the test is over. */
  public void set(String property, String value) {
    String before = System.setProperty(property, value);
    undo(() -> reset(property, before));
  }

  private static void reset(String property, @Nullable String before) {
    if (before == null) {
      System.clearProperty(property);
    } else {
      System.setProperty(property, before);
    }
  }

  /** Returns how much there is to undo. */
  public int size() {
    return undos.size();
  }

  /**
   * Undoes everything now.
   *
   * @throws AssertionError if something could not be undone, after all else was
   */
  public void undoAll() {
    AssertionError failed = null;
    while (!undos.isEmpty()) {
      try {
        undos.pop().run();
      } catch (Exception | AssertionError e) {
        if (failed == null) {
          failed = new AssertionError("what the test left cannot be undone: " + e, e);
        } else {
          failed.addSuppressed(e);
        }
      }
    }
    if (failed != null) {
      throw failed;
    }
  }

  @Override
  public void afterEach(ExtensionContext context) {
    undoAll();
  }
}
