package io.github.noslableak.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.kernel.Captures;
import io.github.noslableak.testkit.Child;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However long a stranger's file is, reading it takes little memory. */
class MemoryTests {

  private static final int MOST_KIB = 256 << 10;
  private static final String PEAK = "VmHWM:";

  @TempDir private Path directory;

  private static int read(Path file) throws IOException, InterruptedException {
    int peak = 0;
    try (Child child = Child.jvm(List.of(), Main.class, "analyze", file.toString())) {
      while (child.isAlive()) {
        peak = Math.max(peak, peakKib(child.pid()));
        for (ProcessHandle reader :
            ProcessHandle.of(child.pid()).stream().flatMap(ProcessHandle::children).toList()) {
          peak = Math.max(peak, peakKib(reader.pid()));
        }
        Thread.sleep(20);
      }
      assertThat(child.awaitEnd().status()).as(child.said()).isIn(0, 2);
    }
    return peak;
  }

  private static int peakKib(long process) {
    try {
      return Files.readAllLines(Path.of("/proc/" + process + "/status")).stream()
          .filter(line -> line.startsWith(PEAK))
          .mapToInt(line -> Integer.parseInt(line.replaceAll("\\D", "")))
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0; // It has ended since.
    }
  }

  @Test
  void of_a_long_text() throws Exception {
    Path file = directory.resolve("messages");
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write(Captures.bytes("vm-6.18/slabinfo.txt"));
      byte[] lines =
          "Nov 26 10:11:12 host kernel: something that nobody needs\n"
              .repeat(20_000)
              .getBytes(StandardCharsets.UTF_8);
      out.write('\n');
      for (int i = 0; i < 50; i++) {
        out.write(lines);
      }
    }

    assertThat(read(file)).isBetween(1, MOST_KIB);
  }

  @Test
  void of_a_bomb() throws Exception {
    Path file = directory.resolve("bomb.gz");
    byte[] zeros = new byte[1 << 20];
    try (OutputStream out = new GzipCompressorOutputStream(Files.newOutputStream(file))) {
      for (int i = 0; i < 200; i++) {
        out.write(zeros);
      }
    }

    assertThat(read(file)).isBetween(1, MOST_KIB);
  }
}
