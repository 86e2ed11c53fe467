package io.github.noslableak.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Another process that keeps files, processes and sockets coming and going until it is killed: in
 * each round it makes 20 files, connects 5 sockets, starts a process, and rests a little.
 */
public final class Load {

  private Load() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path dir = Files.createTempDirectory("noslableak-load");
    dir.toFile().deleteOnExit();
    while (true) {
      round(dir);
      Thread.sleep(Long.parseLong(arguments[0]));
    }
  }

  private static void round(Path dir) throws IOException, InterruptedException {
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      files.add(Files.writeString(dir.resolve("file-" + i), "content"));
    }
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      for (int i = 0; i < 5; i++) {
        new Socket(server.getInetAddress(), server.getLocalPort()).close();
        server.accept().close();
      }
    }
    new ProcessBuilder("ls", dir.toString())
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
    for (Path file : files) {
      Files.delete(file);
    }
  }
}
