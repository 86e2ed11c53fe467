package io.github.noslableak.examples.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.noslableak.NoSlabLeak;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The service on every path of it: none leaves anything in the kernel. */
@NoSlabLeak
class IoServiceTests {

  @Nested
  class FileStoreOperations {

    private Path directory;
    private FileStore store;

    @BeforeEach
    void openStore(@TempDir Path temporary) throws IOException {
      directory = temporary;
      store = new FileStore(directory.resolve("store"));
    }

    @Test
    void should_give_back_what_was_put() throws IOException {
      byte[] content = new byte[300_000];
      new Random(1).nextBytes(content);

      String id = store.put(new ByteArrayInputStream(content));

      try (InputStream stored = store.get(id)) {
        assertThat(stored.readAllBytes()).isEqualTo(content);
      }
    }

    @Test
    void should_name_a_content_by_its_digest() throws IOException {
      String id = store.put(text("abc"));

      // The first test vector of FIPS 180-4.
      assertThat(id).isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @Test
    void should_keep_one_of_two_equal_contents() throws IOException {
      String first = store.put(text("same"));
      String second = store.put(text("same"));

      assertThat(second).isEqualTo(first);
      assertThat(store.list()).containsExactly(first);
    }

    @Test
    void should_list_all_contents_sorted() throws IOException {
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        ids.add(store.put(text("content " + i)));
      }

      assertThat(store.list()).isSorted().containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void should_delete_a_content_once() throws IOException {
      String id = store.put(text("short-lived"));

      assertThat(store.delete(id)).isTrue();
      assertThat(store.delete(id)).isFalse();
      assertThat(store.list()).isEmpty();
    }

    @Test
    void should_refuse_a_content_that_is_not_there() {
      assertThatThrownBy(() -> store.get("0".repeat(64))).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void should_refuse_what_is_not_an_id() {
      assertThatIllegalArgumentException().isThrownBy(() -> store.get("../passwd"));
    }

    @Test
    void should_leave_no_file_if_the_content_breaks_off() throws IOException {
      InputStream broken =
          new InputStream() {
            private int left = 100_000;

            @Override
            public int read() throws IOException {
              if (left-- == 0) {
                throw new IOException("broken off");
              }
              return 'x';
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
              bytes[offset] = (byte) read();
              return 1;
            }
          };

      assertThatIOException().isThrownBy(() -> store.put(broken)).withMessage("broken off");

      assertThat(directory.resolve("store")).isEmptyDirectory();
    }
  }

  @Nested
  @Timeout(60)
  class TcpRelayOperations {

    private EchoServer upstream;
    private TcpRelay relay;

    @BeforeEach
    void start() throws IOException {
      upstream = new EchoServer();
      relay = new TcpRelay(upstream.address());
    }

    @AfterEach
    void stop() throws IOException {
      relay.close();
      upstream.close();
    }

    @Test
    void should_relay_both_ways() throws IOException {
      try (Socket client = connect()) {
        client.getOutputStream().write("hello".getBytes(UTF_8));

        assertThat(client.getInputStream().readNBytes(5)).asString(UTF_8).isEqualTo("hello");
      }
    }

    @Test
    void should_pass_on_the_end_of_one_direction_and_keep_the_other() throws IOException {
      try (Socket client = connect()) {
        client.getOutputStream().write("all I have".getBytes(UTF_8));
        client.shutdownOutput();

        assertThat(client.getInputStream().readAllBytes()).asString(UTF_8).isEqualTo("all I have");
      }
    }

    @Test
    void should_hold_a_fast_sender_back_while_the_receiver_is_slow() throws Exception {
      ByteBuffer chunk = ByteBuffer.allocate(64 * 1024);
      new Random(2).nextBytes(chunk.array());
      CRC32 sent = new CRC32();
      try (SocketChannel client = SocketChannel.open(relay.address())) {
        client.configureBlocking(false);
        // Nobody receives yet: once every buffer on the way is full, nothing more is taken.
        for (int refusals = 0; refusals < 20; ) {
          int count = client.write(chunk.clear());
          sent.update(chunk.array(), 0, count);
          if (count == 0) {
            refusals++;
            Thread.sleep(20);
          } else {
            refusals = 0;
          }
        }
        client.shutdownOutput();
        client.configureBlocking(true);
        CheckedInputStream received =
            new CheckedInputStream(client.socket().getInputStream(), new CRC32());

        assertThat(received.skip(Long.MAX_VALUE)).isPositive();
        assertThat(received.getChecksum().getValue()).isEqualTo(sent.getValue());
      }
    }

    @Test
    void should_relay_many_connections_at_once() throws IOException {
      List<Socket> clients = new ArrayList<>();
      try {
        for (int i = 0; i < 50; i++) {
          Socket client = connect();
          clients.add(client);
          client.getOutputStream().write(("client " + i).getBytes(UTF_8));
          client.shutdownOutput();
        }
        for (int i = 0; i < 50; i++) {
          assertThat(clients.get(i).getInputStream().readAllBytes())
              .asString(UTF_8)
              .isEqualTo("client " + i);
        }
      } finally {
        for (Socket client : clients) {
          client.close();
        }
      }
    }

    @Test
    void should_hang_up_on_a_client_whose_upstream_refuses() throws IOException {
      upstream.close();
      for (int i = 0; i < 10; i++) {
        try (Socket client = connect()) {
          assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
      }
    }

    @Test
    void should_go_on_after_a_client_that_resets() throws IOException {
      for (int i = 0; i < 10; i++) {
        try (Socket rude = connect()) {
          rude.getOutputStream().write("never mind".getBytes(UTF_8));
          rude.setSoLinger(true, 0);
        }
      }
      should_relay_both_ways();
    }

    @Test
    void should_pass_on_that_the_upstream_hung_up() throws IOException {
      try (Socket client = connect()) {
        client.getOutputStream().write('x');
        assertThat(client.getInputStream().read()).isEqualTo('x');

        upstream.close();

        assertThat(client.getInputStream().read()).isEqualTo(-1);
      }
    }

    @Test
    void should_hang_up_on_its_clients_when_closed() throws IOException {
      try (Socket client = connect()) {
        client.getOutputStream().write('x');
        assertThat(client.getInputStream().read()).isEqualTo('x');

        relay.close();

        assertThat(client.getInputStream().read()).isEqualTo(-1);
      }
    }

    @Test
    void should_close_twice_and_unused() throws IOException {
      relay.close();
      relay.close();
    }

    private Socket connect() throws IOException {
      Socket client = new Socket(relay.address().getAddress(), relay.address().getPort());
      client.setSoTimeout(30_000);
      return client;
    }
  }

  @Nested
  class ScratchVolumeOperations {

    private Path directory;

    @BeforeEach
    void useDirectory(@TempDir Path temporary) {
      directory = temporary;
    }

    @Test
    void should_be_gone_with_its_files_when_closed() throws IOException {
      try (ScratchVolume volume = ScratchVolume.mount(directory, "1m")) {
        for (int i = 0; i < 10; i++) {
          Files.writeString(volume.path().resolve("file " + i), "temporary");
        }
        assertThat(Files.getFileStore(volume.path()).type()).isEqualTo("tmpfs");
      }
      assertThat(directory).isEmptyDirectory();
    }

    @Test
    void should_hold_no_more_than_its_size() throws IOException {
      try (ScratchVolume volume = ScratchVolume.mount(directory, "64k")) {
        Path file = volume.path().resolve("too large");

        assertThatIOException()
            .isThrownBy(() -> Files.write(file, new byte[128 * 1024]))
            .withMessageContaining("No space left");
      }
    }

    @Test
    void should_leave_no_directory_if_it_cannot_be_mounted() {
      assertThatIOException()
          .isThrownBy(() -> ScratchVolume.mount(directory, "lots"))
          .withMessageContaining("[mount, -t, tmpfs,");
      assertThat(directory).isEmptyDirectory();
    }

    @Test
    void should_refuse_to_unmount_while_in_use_and_try_again() throws IOException {
      ScratchVolume volume = ScratchVolume.mount(directory, "64k");
      Path file = Files.writeString(volume.path().resolve("in use"), "x");
      try (InputStream inUse = Files.newInputStream(file)) {
        assertThatIOException().isThrownBy(volume::close).withMessageContaining("busy");
        assertThat(inUse.read()).isEqualTo('x');
      }
      volume.close();
      volume.close();
      assertThat(directory).isEmptyDirectory();
    }

    @Test
    void should_refuse_what_is_not_a_size() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> ScratchVolume.mount(directory, "64k,mode=777"));
    }
  }

  @Nested
  class SharedSegmentOperations {

    private final String name = "noslableak-example-" + ProcessHandle.current().pid();

    @Test
    void should_share_what_is_written() throws IOException {
      try (SharedSegment ours = SharedSegment.create(name, 64 * 1024);
          SharedSegment theirs = SharedSegment.open(name)) {
        theirs.write(64 * 1024 - 5, "hello".getBytes(UTF_8));

        assertThat(ours.read(64 * 1024 - 5, 5)).asString(UTF_8).isEqualTo("hello");
        assertThat(ours.read(0, 2)).containsExactly(0, 0);
      }
    }

    @Test
    void should_stay_until_its_maker_closes_it() throws IOException {
      SharedSegment ours = SharedSegment.create(name, 1);
      try (ours) {
        SharedSegment.open(name).close();
        SharedSegment.open(name).close();
      }
      ours.close();
      assertThatThrownBy(() -> SharedSegment.open(name)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void should_not_take_a_name_twice() throws IOException {
      try (SharedSegment ours = SharedSegment.create(name, 1)) {
        assertThatThrownBy(() -> SharedSegment.create(name, 1))
            .isInstanceOf(FileAlreadyExistsException.class);
        assertThat(ours.read(0, 1)).containsExactly(0);
      }
    }

    @Test
    void should_refuse_to_go_beyond_its_end() throws IOException {
      try (SharedSegment segment = SharedSegment.create(name, 10)) {
        assertThatThrownBy(() -> segment.write(8, new byte[3]))
            .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> segment.read(-1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
      }
    }

    @Test
    void should_refuse_what_is_not_a_name() {
      assertThatIllegalArgumentException().isThrownBy(() -> SharedSegment.create("../etc", 1));
      assertThatIllegalArgumentException().isThrownBy(() -> SharedSegment.create(name, 0));
    }
  }

  @Test
  void should_store_what_comes_through_the_relay(@TempDir Path directory) throws IOException {
    FileStore store = new FileStore(directory);
    try (EchoServer upstream = new EchoServer();
        TcpRelay relay = new TcpRelay(upstream.address());
        Socket client = new Socket(InetAddress.getLoopbackAddress(), relay.address().getPort())) {
      client.getOutputStream().write("a document".getBytes(UTF_8));
      client.shutdownOutput();

      String id = store.put(client.getInputStream());

      assertThat(store.list()).containsExactly(id);
    }
  }

  private static InputStream text(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }
}
