package io.github.noslableak.examples.web.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.NoSlabLeak;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Netty, with a server for the class and with one for each test. */
@NoSlabLeak
class NettyEchoServerTests {

  @Test
  void should_echo_and_stop() throws IOException {
    try (NettyEchoServer server = new NettyEchoServer()) {
      assertThat(echo(server.address(), "hello")).isEqualTo("hello");
    }
  }

  @Test
  void should_stop_with_a_connection_open() throws IOException {
    NettyEchoServer server = new NettyEchoServer();
    try (server;
        Socket client = connect(server.address())) {
      client.getOutputStream().write('x');
      assertThat(client.getInputStream().read()).isEqualTo('x');
      server.close();

      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Nested
  class OnASharedServer {

    private static NettyEchoServer server;

    @BeforeAll
    static void start() {
      server = new NettyEchoServer();
    }

    @AfterAll
    static void stop() {
      server.close();
    }

    @Test
    void should_echo() throws IOException {
      assertThat(echo(server.address(), "hello")).isEqualTo("hello");
    }

    @Test
    void should_echo_to_many_at_once() throws IOException {
      List<Socket> clients = new ArrayList<>();
      try {
        for (int i = 0; i < 20; i++) {
          Socket client = connect(server.address());
          clients.add(client);
          client.getOutputStream().write(i);
        }
        for (int i = 0; i < 20; i++) {
          assertThat(clients.get(i).getInputStream().read()).isEqualTo(i);
        }
      } finally {
        for (Socket client : clients) {
          client.close();
        }
      }
    }
  }

  private static String echo(InetSocketAddress server, String text) throws IOException {
    try (Socket client = connect(server)) {
      client.getOutputStream().write(text.getBytes(UTF_8));
      return new String(client.getInputStream().readNBytes(text.length()), UTF_8);
    }
  }

  private static Socket connect(InetSocketAddress server) throws IOException {
    return new Socket(server.getAddress(), server.getPort());
  }
}
