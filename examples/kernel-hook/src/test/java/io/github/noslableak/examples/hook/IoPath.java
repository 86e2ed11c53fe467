package io.github.noslableak.examples.hook;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Correct I/O, each on a file or socket of its own: everything that is opened is closed, and every
 * file deleted.
 */
enum IoPath {
  OUTPUT_STREAM(1, 0) {
    @Override
    void run() throws IOException {
      Path file = fresh();
      try (FileOutputStream out = new FileOutputStream(file.toFile())) {
        out.write(1);
      }
      Files.delete(file);
    }
  },

  /** Two closes, of one file: one name and one inode are leaked by two references. */
  WRITTEN_AND_READ(2, 0) {
    @Override
    void run() throws IOException {
      Path file = fresh();
      Files.write(file, new byte[4096]);
      try (FileInputStream in = new FileInputStream(file.toFile())) {
        in.readAllBytes();
      }
      Files.delete(file);
    }
  },

  FILE_CHANNEL(1, 0) {
    @Override
    void run() throws IOException {
      FileChannel.open(
              fresh(),
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE)
          .close();
    }
  },

  RANDOM_ACCESS_FILE(1, 0) {
    @Override
    void run() throws IOException {
      Path file = fresh();
      try (RandomAccessFile random = new RandomAccessFile(file.toFile(), "rw")) {
        random.setLength(4096);
      }
      Files.delete(file);
    }
  },

  SERVER_SOCKET(0, 1) {
    @Override
    void run() throws IOException {
      new ServerSocket(0).close();
    }
  },

  /** Three sockets: the listener, the client and the accepted one. */
  CONNECTION(0, 3) {
    @Override
    void run() throws IOException {
      InetAddress loopback = InetAddress.getLoopbackAddress();
      try (ServerSocket listener = new ServerSocket(0, 1, loopback);
          Socket client = new Socket(loopback, listener.getLocalPort());
          Socket accepted = listener.accept()) {
        client.getOutputStream().write(1);
        accepted.getInputStream().read();
      }
    }
  },

  DATAGRAM_SOCKET(0, 1) {
    @Override
    void run() throws IOException {
      new DatagramSocket(0).close();
    }
  },

  SOCKET_CHANNEL(0, 2) {
    @Override
    void run() throws IOException {
      try (ServerSocketChannel listener = ServerSocketChannel.open().bind(null);
          SocketChannel client = SocketChannel.open(listener.getLocalAddress())) {
        client.isConnected();
      }
    }
  },

  /** A socket whose name is a file. */
  UNIX_SOCKET(0, 1) {
    @Override
    void run() throws IOException {
      Path file = fresh();
      try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
        listener.bind(UnixDomainSocketAddress.of(file));
      }
      Files.delete(file);
    }
  },

  /** No file and no socket: not the hook's business. */
  PIPE(0, 0) {
    @Override
    void run() throws IOException {
      Pipe pipe = Pipe.open();
      pipe.sink().close();
      pipe.source().close();
    }
  };

  private static long filesMade;

  private final int files;
  private final int sockets;

  /**
   * Tells what one run of it closes.
   *
   * @param files closes of files
   * @param sockets closes of sockets
   */
  IoPath(int files, int sockets) {
    this.files = files;
    this.sockets = sockets;
  }

  abstract void run() throws IOException;

  /** Returns how many files one run closes. */
  int files() {
    return files;
  }

  /** Returns how many sockets one run closes. */
  int sockets() {
    return sockets;
  }

  /** Returns how many closes of one run the hook is called for. */
  int closes() {
    return files + sockets;
  }

  /** Runs each once, so that the JVM has opened whatever it needs for them. */
  static void runEach() throws IOException {
    for (IoPath path : values()) {
      path.run();
    }
  }

  /**
   * Returns a name that was never used, in a directory that stays: a leaked name would keep the
   * directory that it is in, and count one more.
   */
  static synchronized Path fresh() {
    return Path.of(System.getProperty("java.io.tmpdir"), "file-" + filesMade++);
  }
}
