package consumer;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import io.github.noslableak.NoSlabLeak;
import io.github.noslableak.SlabGuard;
import io.github.noslableak.SlabLeakError;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConsumerTest {

  private final List<ServerSocket> kept = new ArrayList<>();

  @Test
  @NoSlabLeak
  void a_clean_test_passes() throws Exception {
    new ServerSocket(0).close();
  }

  /** Its report asks for the machine, with the JNA that the product has. */
  @Test
  void a_leak_is_told() throws Exception {
    try {
      SlabLeakError error =
          assertThrows(
              SlabLeakError.class,
              () -> SlabGuard.watching().check(() -> kept.add(new ServerSocket(0))));
      assertTrue(error.getMessage().contains("MiB of memory"), error.getMessage());
    } finally {
      for (ServerSocket socket : kept) {
        socket.close();
      }
    }
  }

  @Test
  void the_product_uses_its_jna() {
    assertTrue(Platform.isLinux());
    assertTrue(Native.POINTER_SIZE == 8);
  }
}
