package io.github.noslableak.examples.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The module itself. */
class ModuleTests {

  private static final Path MODULE = Path.of("/modules/product.ko");

  @BeforeEach
  @AfterEach
  void reset() {
    HookModule.reset();
  }

  @ParameterizedTest
  @CsvSource({
    "leak,maybe",
    "pin,2",
    "every,0",
    "every,1000001",
    "every,-1",
    "tgid,-1",
    "tgid,4194305",
    "only,pipes",
    "only,sock",
    "cap,-1",
    "cap,many",
    "hooked,0",
    "leaked,0"
  })
  void should_refuse_a_setting(String parameter, String value) {
    assertThatIOException().isThrownBy(() -> HookModule.write(parameter, value));
  }

  @Test
  void should_hook_files_and_sockets() throws IOException {
    IoPath.runEach();
    for (IoPath path : IoPath.values()) {
      assertThat(hooked(path)).as(path.name()).isEqualTo(path.closes());
    }

    HookModule.set("only", "sockets");
    assertThat(hooked(IoPath.OUTPUT_STREAM)).isZero();
    assertThat(hooked(IoPath.CONNECTION)).isEqualTo(3);

    HookModule.set("only", "files");
    assertThat(hooked(IoPath.OUTPUT_STREAM)).isEqualTo(1);
    assertThat(hooked(IoPath.CONNECTION)).isZero();
  }

  @Test
  void should_leak_every_so_manieth_close_up_to_the_cap() throws IOException {
    long leaked = HookModule.leaked();
    HookModule.set("leak", "Y");
    HookModule.set("every", "3");
    for (int i = 0; i < 10; i++) {
      IoPath.OUTPUT_STREAM.run();
    }
    assertThat(HookModule.leaked() - leaked).isEqualTo(3);

    HookModule.set("every", "1");
    HookModule.set("cap", Long.toString(leaked + 7));
    for (int i = 0; i < 10; i++) {
      IoPath.OUTPUT_STREAM.run();
    }
    assertThat(HookModule.leaked() - leaked).isEqualTo(7);
  }

  private static long hooked(IoPath path) throws IOException {
    long before = HookModule.hooked();
    path.run();
    return HookModule.hooked() - before;
  }

  /** Loses its counters, which other tests take differences of only. */
  @Test
  void should_come_and_go_while_files_are_closed() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    ExecutorService closers = Executors.newFixedThreadPool(3);
    try {
      List<Future<?>> closing = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        closing.add(closers.submit(() -> closeUntil(stop)));
      }
      for (int i = 0; i < 5; i++) {
        while (!modprobe("rmmod", "noslableak_hook")) {
          Thread.onSpinWait(); // In use: a close is on its way through.
        }
        assertThat(modprobe("insmod", MODULE.toString())).isTrue();
      }
      stop.set(true);
      for (Future<?> future : closing) {
        future.get();
      }
    } finally {
      stop.set(true);
      closers.shutdown();
    }
  }

  private static void closeUntil(AtomicBoolean stop) {
    try {
      while (!stop.get()) {
        IoPath.OUTPUT_STREAM.run();
        IoPath.SERVER_SOCKET.run();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean modprobe(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }
}
