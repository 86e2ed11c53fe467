package io.github.noslableak.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.object.Decoded;
import io.github.noslableak.object.ObjectReader;
import io.github.noslableak.proc.Descriptors;
import io.github.noslableak.testkit.Leaks;
import io.github.noslableak.trace.alloc.AllocationLedger;
import io.github.noslableak.trace.alloc.Living;
import io.github.noslableak.verdict.Whose;
import java.io.FileInputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What is read of kernel objects where they lie is what /proc says of them. */
@LiveTest
class KernelObjectTests {

  private static final int FILES = 1_000;
  private static final int CONNECTIONS = 500;

  @RegisterExtension final Leaks leaks = new Leaks();

  private AllocationLedger ledger;
  private ObjectReader reader;

  @BeforeEach
  void open() throws Exception {
    ledger =
        leaks.keep(
            AllocationLedger.open(
                LedgerTests.caches("filp", "sock_inode_cache", "dentry", "shmem_inode_cache"),
                new AllocationLedger.Options(false, 1024, false)));
    reader = leaks.keep(ObjectReader.open());
    ledger.mark(1);
  }

  private List<Decoded> decoded(String cache) {
    List<Decoded> decoded = new ArrayList<>();
    for (Living living :
        ledger.living(
            Set.of(cache), object -> object.mark() == 1 && object.owner().whose() == Whose.OWN)) {
      decoded.add(
          reader
              .read(cache, living.address())
              .orElseThrow(() -> new AssertionError("not read: " + living)));
    }
    return decoded;
  }

  @Test
  void a_thousand_files_and_a_thousand_sockets(@TempDir Path directory) throws Exception {
    Descriptors before = Descriptors.ofThisJvm();
    InetAddress loopback = InetAddress.getLoopbackAddress();
    for (int i = 0; i < FILES; i++) {
      Path file = Files.writeString(directory.resolve("file " + i), "x");
      leaks.keep(new FileInputStream(file.toFile()));
      if (i % 2 == 0) {
        Files.delete(file);
      }
    }
    for (int i = 0; i < CONNECTIONS; i++) {
      ServerSocket server = leaks.keep(new ServerSocket(0, 1, loopback));
      leaks.keep(new Socket(loopback, server.getLocalPort()));
    }
    Descriptors now = Descriptors.ofThisJvm();
    List<String> opened = now.openedSince(before);
    assertThat(opened).hasSize(FILES + 2 * CONNECTIONS);

    List<Decoded> files = decoded("filp").stream().filter(KernelObjectTests::isOurs).toList();
    assertThat(files).extracting(Decoded::name).containsExactlyInAnyOrderElementsOf(opened);
    assertThat(files).allSatisfy(file -> assertThat(file.references()).hasValue(1));
    List<Decoded> sockets = decoded("sock_inode_cache");
    assertThat(sockets).hasSize(2 * CONNECTIONS);
    List<String> table = socketTable();
    assertThat(sockets).allSatisfy(socket -> assertThat(table).contains(socket.name()));
  }

  /** The JVM looks now and then how much memory its control group has. */
  private static boolean isOurs(Decoded file) {
    return !file.name().startsWith("/sys/fs/cgroup/");
  }

  /** The same words from /proc/net: this JVM's sockets are of version 6, with addresses of 4. */
  private static List<String> socketTable() throws Exception {
    List<String> table = new ArrayList<>();
    for (Path file : List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"))) {
      try (Stream<String> lines = Files.lines(file)) {
        lines
            .skip(1)
            .map(line -> line.strip().split("\\s+"))
            .map(KernelObjectTests::said)
            .forEach(table::add);
      }
    }
    return table;
  }

  private static String said(String[] fields) {
    int state = Integer.parseInt(fields[3], 16);
    String name =
        switch (state) {
          case 1 -> "ESTABLISHED";
          case 10 -> "LISTEN";
          default -> "state " + state;
        };
    String remote = state == 10 ? "" : " -> " + address(fields[2]);
    return "socket:[" + fields[9] + "] TCP " + address(fields[1]) + remote + " " + name;
  }

  /** Of an address of version 6 that holds one of version 4, the last word; little-endian. */
  private static String address(String field) {
    int colon = field.indexOf(':');
    String word = field.substring(colon - 8, colon);
    return Stream.of(6, 4, 2, 0)
            .map(at -> Integer.toString(Integer.parseInt(word.substring(at, at + 2), 16)))
            .reduce((one, other) -> one + "." + other)
            .orElseThrow()
        + ":"
        + Integer.parseInt(field.substring(colon + 1), 16);
  }

  @Test
  void a_unix_socket_has_its_path(@TempDir Path directory) throws Exception {
    Path path = directory.resolve("s");
    ServerSocketChannel server = leaks.keep(ServerSocketChannel.open(StandardProtocolFamily.UNIX));
    server.bind(UnixDomainSocketAddress.of(path));

    assertThat(decoded("sock_inode_cache"))
        .singleElement()
        .satisfies(socket -> assertThat(socket.name()).endsWith("] UNIX " + path));
  }

  @Test
  void a_dentry_has_its_references() throws Exception {
    Path file = Files.createTempFile(Path.of("/dev/shm"), "noslableak-", ".tmp");
    leaks.undo(() -> Files.delete(file));
    long inode = (Long) Files.getAttribute(file, "unix:ino");
    for (int i = 0; i < 20; i++) {
      leaks.keep(new FileInputStream(file.toFile()));
    }

    assertThat(decoded("dentry"))
        .filteredOn(dentry -> dentry.name().equals(file.toString()))
        .singleElement()
        .satisfies(
            dentry -> {
              // One of tmpfs itself, which keeps each name that it has.
              assertThat(dentry.references()).hasValue(21);
              assertThat(dentry.node())
                  .hasValueSatisfying(node -> assertThat(node.number()).isEqualTo(inode));
            });
    assertThat(decoded("shmem_inode_cache"))
        .singleElement()
        .satisfies(found -> assertThat(found.name()).isEqualTo("tmpfs inode " + inode));
  }

  @Test
  void what_is_no_object_is_not_read() {
    assertThat(reader.read("dentry", 8)).isEmpty();
    assertThat(reader.read("filp", 0xffff_0000_0000_0000L)).isEmpty();
    assertThat(reader.read("kmalloc-64", 8)).isEmpty();
  }
}
