package io.github.noslableak.proc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.proc.UnixSockets.Socket;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnixSocketsTests {

  @Test
  void a_socket_has_a_name_or_none() {
    UnixSockets sockets =
        UnixSockets.parse(
            List.of(
                "Num       RefCount Protocol Flags    Type St Inode Path",
                "000000004b2703d2: 00000002 00000000 00010000 0001 01 11677954 /run/a socket",
                "000000004b2703d4: 00000002 00000000 00000000 0002 01    13 @abstract",
                "000000004b2703d6: 00000003 00000000 00000000 0001 03    15",
                "cut off"));

    assertThat(sockets.sockets())
        .containsExactly(
            new Socket("11677954", "/run/a socket"),
            new Socket("13", "@abstract"),
            new Socket("15", ""));
    assertThat(sockets.inodes()).containsExactlyInAnyOrder("11677954", "13", "15");
    assertThat(UnixSockets.parse(List.of()).sockets()).isEmpty();
  }
}
