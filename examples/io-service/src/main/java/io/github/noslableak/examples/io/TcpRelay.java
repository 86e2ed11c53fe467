package io.github.noslableak.examples.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * Accepts TCP connections on the loopback interface and relays each to an upstream, in both
 * directions, on one thread of its own.
 *
 * <p>Each direction has a buffer of a fixed size: while it is full, its sender is not read, so that
 * TCP holds the sender back. The end of one direction is passed on and leaves the other one open.
 */
public final class TcpRelay implements AutoCloseable {

  private static final int BUFFER_BYTES = 16 * 1024;

  private final InetSocketAddress upstream;
  private final Mistakes mistakes;
  private final Selector selector;
  private final ServerSocketChannel listener;
  private final InetSocketAddress address;
  private final Thread thread;
  private volatile boolean closing;
  private volatile @Nullable IOException failure;

  /**
   * Listens on a free port and relays from now on.
   *
   * @param upstream where connections are relayed to
   * @throws IOException if it cannot listen
   */
  public TcpRelay(InetSocketAddress upstream) throws IOException {
    this(upstream, Mistakes.none());
  }

  TcpRelay(InetSocketAddress upstream, Mistakes mistakes) throws IOException {
    this.upstream = upstream;
    this.mistakes = mistakes;
    this.selector = Selector.open();
    try {
      this.listener = ServerSocketChannel.open(StandardProtocolFamily.INET);
    } catch (IOException e) {
      selector.close();
      throw e;
    }
    try {
      listener.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0));
      listener.configureBlocking(false);
      listener.register(selector, SelectionKey.OP_ACCEPT);
      this.address = (InetSocketAddress) listener.getLocalAddress();
    } catch (IOException e) {
      listener.close();
      selector.close();
      throw e;
    }
    this.thread = new Thread(this::run, "tcp-relay-" + address.getPort());
    thread.start();
  }

  /** Returns the address to connect to. */
  public InetSocketAddress address() {
    return address;
  }

  private void run() {
    try {
      while (!closing) {
        selector.select(this::serve);
      }
    } catch (IOException e) {
      failure = e;
    } catch (UncheckedIOException e) {
      failure = e.getCause();
    } finally {
      shutDown();
    }
  }

  private void serve(SelectionKey key) {
    if (key.attachment() instanceof Leg leg) {
      leg.serve();
    } else {
      accept();
    }
  }

  private void accept() {
    SocketChannel client;
    try {
      client = listener.accept();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (client == null) {
      return; // Gone again before it was accepted.
    }
    try {
      client.configureBlocking(false);
      connect(client);
    } catch (IOException e) {
      refuse(client);
    }
  }

  private void connect(SocketChannel client) throws IOException {
    SocketChannel server =
        SocketChannel.open(
            upstream.getAddress() instanceof Inet4Address
                ? StandardProtocolFamily.INET
                : StandardProtocolFamily.INET6);
    try {
      server.configureBlocking(false);
      boolean connected = server.connect(upstream);
      Leg near = new Leg(client, client.register(selector, 0));
      Leg far = new Leg(server, server.register(selector, 0));
      near.join(far);
      far.connecting = !connected;
      near.expect();
      far.expect();
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /** Tells a client that its upstream cannot be reached. */
  private void refuse(SocketChannel client) {
    SelectionKey key = client.keyFor(selector);
    if (key != null) {
      key.cancel();
    }
    try {
      mistakes.unless(Mistake.CONNECTION_LEFT_OPEN, client::close);
    } catch (IOException e) {
      failure = e;
    }
  }

  private void shutDown() {
    try {
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
      // A channel that is closed while registered gives its descriptor back in the next selection.
      selector.selectNow();
      mistakes.unless(Mistake.SELECTOR_LEFT_OPEN, selector::close);
    } catch (IOException e) {
      failure = e;
    }
  }

  /**
   * Closes all connections and ends the thread.
   *
   * @throws IOException if relaying had failed as a whole before
   */
  @Override
  public void close() throws IOException {
    closing = true;
    selector.wakeup();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    IOException failed = failure;
    if (failed != null) {
      throw new IOException("the relay at " + address + " has failed", failed);
    }
  }

  /** One of the two connections of a conversation. Used by the relay's thread alone. */
  private final class Leg {

    private final SocketChannel channel;
    private final SelectionKey key;

    /** What is to be sent here, ready to be filled. */
    private final ByteBuffer outgoing = ByteBuffer.allocateDirect(BUFFER_BYTES);

    private @Nullable Leg joined;
    private boolean connecting;
    private boolean received;
    private boolean sent;

    Leg(SocketChannel channel, SelectionKey key) {
      this.channel = channel;
      this.key = key;
      key.attach(this);
    }

    void join(Leg other) {
      joined = other;
      other.joined = this;
    }

    void serve() {
      Leg peer = joined;
      if (peer == null || !key.isValid()) {
        return;
      }
      if (connecting) {
        finishConnecting(peer);
        return;
      }
      try {
        if (key.isReadable()) {
          received = channel.read(peer.outgoing) < 0;
        }
        send(peer);
        peer.send(this);
        if (sent && peer.sent) {
          hangUp(peer);
        } else {
          expect();
          peer.expect();
        }
      } catch (IOException e) {
        hangUp(peer); // One of the two was reset; there is nobody to tell but the other.
      }
    }

    private void finishConnecting(Leg client) {
      try {
        connecting = !channel.finishConnect();
        expect();
        client.expect();
      } catch (IOException e) {
        refuse(client.channel);
        closeQuietly();
      }
    }

    private void send(Leg source) throws IOException {
      if (connecting || sent) {
        return;
      }
      outgoing.flip();
      channel.write(outgoing);
      outgoing.compact();
      if (source.received && outgoing.position() == 0) {
        channel.shutdownOutput();
        sent = true;
      }
    }

    /** Waits for what this leg can go on with. */
    void expect() {
      Leg peer = joined;
      if (connecting || peer == null) {
        key.interestOps(SelectionKey.OP_CONNECT);
        return;
      }
      boolean room = !received && peer.outgoing.hasRemaining();
      boolean pending = outgoing.position() > 0 || (peer.received && !sent);
      key.interestOps((room ? SelectionKey.OP_READ : 0) | (pending ? SelectionKey.OP_WRITE : 0));
    }

    private void hangUp(Leg peer) {
      closeQuietly();
      peer.closeQuietly();
    }

    private void closeQuietly() {
      try {
        channel.close();
      } catch (IOException e) {
        failure = e;
      }
    }
  }
}
