package io.github.noslableak.object;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.regex.Pattern;

/** Sockets, as ss(8) shows them. */
final class Sockets {

  /** The numbers of include/linux/socket.h. */
  private static final int UNIX = 1;

  private static final int INET = 2;
  private static final int INET6 = 10;
  private static final int NETLINK = 16;
  private static final int PACKET = 17;

  private static final int TCP = 6;
  private static final int UDP = 17;

  /** By number, from 1 on (include/net/tcp_states.h). */
  private static final List<String> STATES =
      List.of(
          "ESTABLISHED",
          "SYN_SENT",
          "SYN_RECV",
          "FIN_WAIT1",
          "FIN_WAIT2",
          "TIME_WAIT",
          "CLOSE",
          "CLOSE_WAIT",
          "LAST_ACK",
          "LISTEN",
          "CLOSING",
          "NEW_SYN_RECV");

  private static final String COMMON = "__sk_common.";

  /** A run of zeros in an address of version 6, which is left out once. */
  private static final Pattern ZEROS = Pattern.compile("(^|:)0(:0)+(:|$)");

  private static final int MOST_PATH = 110;

  private final Fields fields;

  Sockets(Fields fields) {
    this.fields = fields;
  }

  int references(long sock) throws Unreadable {
    return fields.number32(sock, "sock", COMMON + "skc_refcnt");
  }

  /** Says what a struct sock is. */
  String says(long sock) throws Unreadable {
    int family = fields.number16(sock, "sock", COMMON + "skc_family");
    return switch (family) {
      case INET, INET6 -> internet(sock, family);
      case UNIX -> unix(sock);
      case NETLINK -> "netlink";
      case PACKET -> "packet";
      default -> "of address family " + family;
    };
  }

  private String internet(long sock, int family) throws Unreadable {
    // Two bytes since 5.6, before all kernels that can be read here.
    int protocol = fields.number16(sock, "sock", "sk_protocol");
    String name =
        switch (protocol) {
          case TCP -> "TCP";
          case UDP -> "UDP";
          default -> "IP protocol " + protocol;
        };
    int state = fields.number8(sock, "sock", COMMON + "skc_state");
    int local = fields.number16(sock, "sock", COMMON + "skc_num");
    byte[] port = fields.array(2, sock, "sock", COMMON + "skc_dport"); // In the net's order.
    int remote = Byte.toUnsignedInt(port[0]) << 8 | Byte.toUnsignedInt(port[1]);
    String says = name + " " + address(sock, family, "rcv_saddr") + ":" + local;
    if (remote != 0) {
      says += " -> " + address(sock, family, "daddr") + ":" + remote;
    }
    boolean known = protocol == TCP && state >= 1 && state <= STATES.size();
    if (!known) {
      return says;
    }
    says += " " + STATES.get(state - 1);
    return fields.pointer(sock, "sock", "sk_socket") == 0 ? says + " (closed)" : says;
  }

  private String address(long sock, int family, String which) throws Unreadable {
    byte[] bytes =
        family == INET
            ? fields.array(4, sock, "sock", COMMON + "skc_" + which)
            : fields.array(16, sock, "sock", COMMON + "skc_v6_" + which);
    try {
      // An address of version 4 that version 6 maps becomes one of version 4.
      InetAddress address = InetAddress.getByAddress(bytes);
      String text = address.getHostAddress();
      return text.contains(":") ? "[" + ZEROS.matcher(text).replaceFirst("::") + "]" : text;
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e); // Only for another length.
    }
  }

  private String unix(long sock) throws Unreadable {
    long address = fields.pointer(sock, "unix_sock", "addr");
    if (address == 0) {
      return "UNIX";
    }
    int length = fields.number32(address, "unix_address", "len") - 2;
    if (length <= 0 || length > MOST_PATH) {
      return "UNIX";
    }
    byte[] name = fields.array(2 + length, address, "unix_address", "name");
    byte[] path = new byte[length];
    System.arraycopy(name, 2, path, 0, length);
    return "UNIX " + Names.ofUnixSocket(path);
  }
}
