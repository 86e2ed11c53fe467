package io.github.noslableak.examples.io;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** An upstream that sends back what it receives, with a thread for each connection. */
final class EchoServer implements AutoCloseable {

  private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final List<Socket> connections = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final Thread acceptor = new Thread(this::accept, "echo-acceptor");

  EchoServer() throws IOException {
    acceptor.start();
  }

  InetSocketAddress address() {
    return (InetSocketAddress) listener.getLocalSocketAddress();
  }

  private void accept() {
    try {
      while (true) {
        Socket connection = listener.accept();
        Thread thread = new Thread(() -> echo(connection), "echo");
        synchronized (this) {
          connections.add(connection);
          threads.add(thread);
        }
        thread.start();
      }
    } catch (IOException e) {
      // Closed: no more connections.
    }
  }

  private static void echo(Socket connection) {
    try (connection) {
      connection.getInputStream().transferTo(connection.getOutputStream());
    } catch (IOException e) {
      // Closed by the test, or reset by the relay.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    join(acceptor);
    synchronized (this) {
      for (Socket connection : connections) {
        connection.close();
      }
      threads.forEach(EchoServer::join);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
