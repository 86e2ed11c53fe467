package io.github.noslableak.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Opens, once per JVM and before the first measurement, what a JVM opens once and keeps for good.
 *
 * <p>Otherwise the first test that touches it would fail for it: the jars of the class path are
 * opened one by one as classes are looked up in them; java.nio and java.net map their native
 * libraries and keep one socket pair for closing others safely (sun.nio.ch, preClose); SecureRandom
 * keeps /dev/random and /dev/urandom open.
 *
 * <p>What it looks up again and again is pinned for good: JIT compiler threads read the limits of
 * their control group now and then (HotSpot, os::available_memory), and each time a drop of the
 * caches went before, that allocates their dentries anew. Measured on JDK 17: where it fell into a
 * first count, two dentries too many were counted before the test, and hid two leaked ones after
 * it.
 */
public final class JvmFootprint {

  /**
   * Searched for in vain, so that every jar of the class path and of the module path is opened. In
   * no package: what is in one of a module's is searched for there alone.
   */
  private static final String NO_SUCH_RESOURCE = "no-such-resource-of-noslableak";

  /** Never closed: for as long as the JVM lives. */
  private static final List<KernelFile> PINNED = new ArrayList<>();

  private JvmFootprint() {}

  public static void complete() {
    try {
      openClassPath();
      useNetwork();
      useFiles();
      pinLimits();
      useManagement();
      reachTracing();
      int ignored = new SecureRandom().nextInt();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use sockets and files before measuring: " + e, e);
    }
  }

  private static void openClassPath() throws IOException {
    ClassLoader system = ClassLoader.getSystemClassLoader();
    search(system);
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    if (context != null && context != system) {
      search(context);
    }
  }

  private static void search(ClassLoader loader) throws IOException {
    if (loader.getResources(NO_SUCH_RESOURCE).hasMoreElements()) {
      throw new IOException(NO_SUCH_RESOURCE + " exists");
    }
  }

  private static void useNetwork() throws IOException {
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (Selector selector = Selector.open();
        ServerSocketChannel server = ServerSocketChannel.open().bind(anyPort);
        SocketChannel client = SocketChannel.open(server.getLocalAddress());
        SocketChannel accepted = server.accept();
        DatagramChannel datagrams = DatagramChannel.open(StandardProtocolFamily.INET)) {
      Objects.requireNonNull(accepted, "a blocking accept returned nothing").getRemoteAddress();
      datagrams.bind(anyPort);
      client.configureBlocking(false);
      client.register(selector, 0);
      selector.selectNow();
      Pipe pipe = Pipe.open();
      pipe.sink().close();
      pipe.source().close();
    }
    try (java.net.ServerSocket server = new java.net.ServerSocket()) {
      server.bind(anyPort);
      new java.net.Socket(server.getInetAddress(), server.getLocalPort()).close();
    }
  }

  private static void pinLimits() throws IOException {
    Path groups = KernelProfile.PROC.resolve("self/cgroup");
    if (!Files.exists(groups)) {
      return; // A kernel without CONFIG_CGROUPS.
    }
    for (Path file :
        ControlGroups.limits(
            Files.readAllLines(groups),
            Files.readAllLines(KernelProfile.PROC.resolve("self/mountinfo")))) {
      if (Files.exists(file)) {
        PINNED.add(KernelFile.pin(file));
      }
    }
  }

  /** Maps libmanagement: a confirmation asks how many garbage collections there were. */
  private static void useManagement() {
    Objects.checkIndex(0, ManagementFactory.getGarbageCollectorMXBeans().size());
    long ignored = ManagementFactory.getGarbageCollectorMXBeans().get(0).getCollectionCount();
  }

  /** The first ledger's mount of tracefs stays open for as long as the JVM lives. */
  private static void reachTracing() {
    try {
      Path ignored = TraceFileSystem.root();
    } catch (KernelFileException e) {
      // Without tracing there will be no ledger either, and the report says so.
    }
  }

  private static void useFiles() throws IOException {
    Path file = Files.createTempFile("noslableak", null);
    try (Stream<Path> entries = Files.list(Path.of("/proc/self"))) {
      Files.writeString(file, String.valueOf(entries.count()));
    } finally {
      Files.delete(file);
    }
  }
}
