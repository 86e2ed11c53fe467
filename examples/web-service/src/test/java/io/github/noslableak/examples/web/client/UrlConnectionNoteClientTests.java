package io.github.noslableak.examples.web.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.github.noslableak.NoSlabLeak;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** HttpURLConnection against a server of a few lines. */
@NoSlabLeak
class UrlConnectionNoteClientTests {

  @Test
  void should_read_a_text_of_a_server_that_hangs_up() throws IOException {
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Void> answered =
          CompletableFuture.runAsync(() -> answer(listener, "Connection: close\r\n\r\ntwo litres"));

      assertThat(client(listener).get("milk")).contains("two litres");

      answered.join();
    }
  }

  @Test
  void should_fail_where_nobody_listens() throws IOException {
    UrlConnectionNoteClient client;
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      client = client(listener);
    }
    assertThatIOException().isThrownBy(() -> client.get("milk"));
  }

  private static UrlConnectionNoteClient client(ServerSocket listener) {
    return new UrlConnectionNoteClient(URI.create("http://127.0.0.1:" + listener.getLocalPort()));
  }

  private static void answer(ServerSocket listener, String rest) {
    try (Socket connection = listener.accept();
        BufferedReader request =
            new BufferedReader(
                new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
        OutputStream response = connection.getOutputStream()) {
      String line = request.readLine();
      while (line != null && !line.isEmpty()) { // The request is of no interest.
        line = request.readLine();
      }
      response.write(("HTTP/1.1 200 OK\r\n" + rest).getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
