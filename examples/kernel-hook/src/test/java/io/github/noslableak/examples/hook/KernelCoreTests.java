package io.github.noslableak.examples.hook;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.kernel.KernelMemory;
import io.github.noslableak.object.Decoded;
import io.github.noslableak.object.ObjectReader;
import io.github.noslableak.slab.SlabCache;
import io.github.noslableak.trace.alloc.AllocationLedger;
import io.github.noslableak.trace.alloc.Living;
import io.github.noslableak.verdict.Whose;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is read of objects by /proc/kcore, as on kernels before 5.14, is what a program in the
 * kernel reads: the library's own parts, in a VM, for not every machine has a /proc/kcore.
 */
class KernelCoreTests {

  private static final int FILES = 50;
  private static final int SOCKETS = 20;

  private final Deque<AutoCloseable> kept = new ArrayDeque<>();

  @AfterEach
  void undo() throws Exception {
    while (!kept.isEmpty()) {
      kept.pop().close();
    }
  }

  private <T extends AutoCloseable> T keep(T kept) {
    this.kept.push(kept);
    return kept;
  }

  private static SlabCache cache(String name) {
    return new SlabCache(name, List.of(name), List.of());
  }

  /** Each by its address. */
  private static Map<Long, Optional<Decoded>> read(ObjectReader reader, List<Living> objects) {
    Map<Long, Optional<Decoded>> read = new TreeMap<>();
    objects.forEach(
        object -> read.put(object.address(), reader.read(object.cache(), object.address())));
    return read;
  }

  private static Set<Long> files(List<Living> objects) {
    return objects.stream()
        .filter(object -> object.cache().equals("filp"))
        .map(Living::address)
        .collect(Collectors.toSet());
  }

  @Test
  void files_sockets_and_who_has_them_open(@TempDir Path directory) throws Exception {
    ObjectReader byProgram = keep(ObjectReader.open());
    ObjectReader byCore = keep(ObjectReader.of(KernelMemory.ofCore()));
    AllocationLedger ledger =
        keep(
            AllocationLedger.open(
                List.of(cache("filp"), cache("sock_inode_cache")),
                new AllocationLedger.Options(false, 1024, false)));
    ledger.mark(1);
    List<String> paths = new ArrayList<>();
    for (int i = 0; i < FILES; i++) {
      Path file = Files.createFile(directory.resolve("file" + i));
      keep(new FileInputStream(file.toFile()));
      paths.add(file.toString());
    }
    for (int i = 0; i < SOCKETS; i++) {
      keep(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
    }
    List<Living> objects =
        ledger.living(
            Set.of("filp", "sock_inode_cache"),
            object -> object.mark() == 1 && object.owner().whose() == Whose.OWN);
    assertThat(objects).hasSizeGreaterThanOrEqualTo(FILES + 2 * SOCKETS);

    Map<Long, Optional<Decoded>> core = read(byCore, objects);
    assertThat(core).isEqualTo(read(byProgram, objects)).doesNotContainValue(Optional.empty());
    assertThat(names(core)).containsAll(paths);
    assertThat(names(core).filter(name -> name.matches("socket:\\[\\d+\\] TCP .* LISTEN")))
        .hasSizeGreaterThanOrEqualTo(SOCKETS);

    int self = (int) ProcessHandle.current().pid();
    assertThat(processes(byCore, files(objects))).isEqualTo(Set.of(self));
    assertThat(processes(byProgram, files(objects))).isEqualTo(Set.of(self));
    assertThat(processes(byCore, Set.of(8L))).isEmpty();
  }

  private static Stream<String> names(Map<Long, Optional<Decoded>> objects) {
    return objects.values().stream().flatMap(Optional::stream).map(Decoded::name);
  }

  private static Set<Integer> processes(ObjectReader reader, Set<Long> files) throws IOException {
    return reader
        .processesWith(files, Duration.ofSeconds(20)) // One emulated processor.
        .orElseThrow(() -> new IOException("not all processes could be looked at"));
  }
}
