package io.github.noslableak.examples.hook;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A queue of System V messages, which the kernel keeps until somebody receives them. */
final class Messages implements AutoCloseable {

  /** The mode of the queue is 0600, and it is new. */
  private static final int CREATE = 0600 | 01000;

  private static final int REMOVE = 0;

  private static final int NO_WAIT = 04000;

  /** The functions of the C library that msgop(2) and msgctl(2) tell of. */
  private interface C extends Library {
    C LIBRARY = Native.load("c", C.class);

    int msgget(int key, int flags) throws LastErrorException;

    int msgsnd(int queue, byte[] message, NativeLong size, int flags) throws LastErrorException;

    NativeLong msgrcv(int queue, byte[] message, NativeLong size, NativeLong type, int flags)
        throws LastErrorException;

    int msgctl(int queue, int command, @Nullable Pointer buffer) throws LastErrorException;
  }

  private final int queue = C.LIBRARY.msgget(0, CREATE);

  /** Sends a message of so many bytes. */
  void send(int bytes) {
    byte[] message = new byte[Long.BYTES + bytes];
    message[0] = 1; // The type, which is a C long.
    byte[] text = "x".repeat(bytes).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(text, 0, message, Long.BYTES, bytes);
    int ignored = C.LIBRARY.msgsnd(queue, message, new NativeLong(bytes), NO_WAIT);
  }

  /** Receives the oldest message, of so many bytes. */
  void receive(int bytes) {
    byte[] message = new byte[Long.BYTES + bytes];
    NativeLong ignored =
        C.LIBRARY.msgrcv(queue, message, new NativeLong(bytes), new NativeLong(0), 0);
  }

  /** Removes the queue with what is in it. */
  @Override
  public void close() {
    int ignored = C.LIBRARY.msgctl(queue, REMOVE, null);
  }
}
