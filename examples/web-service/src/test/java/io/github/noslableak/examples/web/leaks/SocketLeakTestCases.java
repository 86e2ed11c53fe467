package io.github.noslableak.examples.web.leaks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.noslableak.NoSlabLeak;
import io.netty.channel.nio.NioEventLoopGroup;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Sockets, pipes and selectors that are not closed. Run by {@link PlantedLeaksTests} alone. */
@Tag("leaking")
@NoSlabLeak
class SocketLeakTestCases {

  private static final InetAddress LOCAL = InetAddress.getLoopbackAddress();

  @Test
  void selects_nothing() throws IOException {
    Selector selector = Selector.open();
    assertThat(selector.selectNow()).isZero();
  }

  @Test
  void binds_to_a_port_that_is_taken() throws IOException {
    try (ServerSocket first = new ServerSocket(0, 1, LOCAL)) {
      assertThatThrownBy(() -> listen(first.getLocalSocketAddress()))
          .isInstanceOf(BindException.class);
    }
  }

  private static ServerSocketChannel listen(SocketAddress address) throws IOException {
    return ServerSocketChannel.open().bind(address);
  }

  @Test
  void sends_a_datagram() throws IOException {
    DatagramSocket socket = new DatagramSocket(0, LOCAL);
    Kept.forever(socket);
    socket.send(new DatagramPacket(new byte[1], 1, LOCAL, socket.getLocalPort()));
  }

  @Test
  void writes_into_a_pipe() throws IOException {
    Pipe pipe = Pipe.open();
    assertThat(pipe.sink().write(ByteBuffer.wrap(new byte[10]))).isEqualTo(10);
  }

  @Test
  void greets_a_client() throws IOException {
    try (ServerSocket listener = new ServerSocket(0, 1, LOCAL);
        Socket client = new Socket(LOCAL, listener.getLocalPort())) {
      Socket accepted = listener.accept();
      accepted.getOutputStream().write('x');
      assertThat(client.getInputStream().read()).isEqualTo('x');
    }
  }

  @Test
  void computes_on_an_event_loop() throws Exception {
    NioEventLoopGroup loops = new NioEventLoopGroup(1);
    Kept.forever(() -> loops.shutdownGracefully().sync());
    assertThat(loops.submit(() -> 6 * 7).get()).isEqualTo(42);
  }
}
