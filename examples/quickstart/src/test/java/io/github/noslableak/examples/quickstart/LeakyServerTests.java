package io.github.noslableak.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.noslableak.NoSlabLeak;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A test that leaks: the error path forgets to close. Run it with the profile quickstart. */
@Tag("leaking")
class LeakyServerTests {

  @Test
  @NoSlabLeak(caches = {"dentry", "sock_inode_cache"})
  void reports_a_port_that_is_taken() throws IOException {
    InetAddress local = InetAddress.getLoopbackAddress();
    try (ServerSocket first = new ServerSocket(0, 1, local)) {
      InetSocketAddress taken = new InetSocketAddress(local, first.getLocalPort());
      assertThrows(IOException.class, () -> listen(taken));
    }
  }

  private static ServerSocket listen(InetSocketAddress address) throws IOException {
    ServerSocket server = new ServerSocket();
    server.bind(address); // Throws, and nobody closes the socket that has been made.
    return server;
  }
}
