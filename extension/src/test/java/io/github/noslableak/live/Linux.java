package io.github.noslableak.live;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import java.io.Closeable;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** System calls that make real leaks. */
final class Linux {

  static final int CLONE_NEWNS = 0x20000;
  static final int CLONE_NEWNET = 0x40000000;
  static final int CLONE_NEWIPC = 0x08000000;

  private static final int MS_BIND = 4096;
  private static final int MS_REC = 16384;
  private static final int MS_PRIVATE = 1 << 18;
  private static final int MNT_DETACH = 2;
  private static final int IPC_CREAT = 01000;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int IPC_RMID = 0;

  static {
    Native.register(Linux.class, "c");
  }

  private Linux() {}

  private static native int unshare(int flags);

  private static native int mount(
      @Nullable String source,
      String target,
      @Nullable String type,
      NativeLong flags,
      @Nullable String data);

  private static native int umount2(String target, int flags);

  private static native int open(String path, int flags);

  private static native int close(int descriptor);

  private static native int socketpair(int domain, int type, int protocol, int[] descriptors);

  private static native long sendmsg(int socket, Memory message, int flags);

  private static native int msgget(int key, int flags);

  private static native int msgctl(int id, int command, @Nullable NativeLong buffer);

  /**
   * Runs code in a thread with namespaces of its own. They end with the thread, and so does
   * whatever was mounted or made in them, also when the JVM is killed.
   */
  static <T> T inOwnNamespaces(int flags, Callable<T> code) throws Exception {
    FutureTask<T> task =
        new FutureTask<>(
            () -> {
              check(unshare(flags), "unshare");
              if ((flags & CLONE_NEWNS) != 0) {
                check(mount(null, "/", null, new NativeLong(MS_REC | MS_PRIVATE), null), "mount");
              }
              return code.call();
            });
    Thread thread = new Thread(task, "own-namespaces");
    thread.start();
    try {
      return task.get();
    } finally {
      thread.join();
    }
  }

  static void mountTmpfs(String target) {
    check(mount("noslableak-test", target, "tmpfs", new NativeLong(0), "size=1m"), "mount");
  }

  static void mountBind(String source, String target) {
    check(mount(source, target, null, new NativeLong(MS_BIND), null), "mount");
  }

  static void unmount(String target) {
    check(umount2(target, MNT_DETACH), "umount2");
  }

  static int makeMessageQueue() {
    int id = msgget(0, IPC_CREAT | 0600);
    check(id, "msgget");
    return id;
  }

  static void removeMessageQueue(int id) {
    check(msgctl(id, IPC_RMID, null), "msgctl");
  }

  /**
   * Opens a file, sends the descriptor through a pair of sockets and closes it, so that only the
   * queue of the receiving socket holds the file.
   *
   * @return closes the sockets
   */
  static Closeable sendAndForget(String file) {
    int[] pair = socketPair();
    send(file, pair[0]);
    return () -> closeAll(pair);
  }

  /** Makes a pair of UNIX sockets that are connected with each other. */
  static int[] socketPair() {
    int[] pair = new int[2];
    check(socketpair(1 /* AF_UNIX */, 2 /* SOCK_DGRAM */, 0, pair), "socketpair");
    return pair;
  }

  static void closeAll(int... descriptors) {
    for (int descriptor : descriptors) {
      check(close(descriptor), "close");
    }
  }

  static int openFile(String file) {
    int descriptor = open(file, 0);
    check(descriptor, "open");
    return descriptor;
  }

  /** Opens a file, sends the descriptor over a socket and closes it. */
  static void send(String file, int socket) {
    int descriptor = openFile(file);
    // struct msghdr, iovec and cmsghdr of 64-bit Linux, with one byte and one descriptor.
    try (Memory data = new Memory(1);
        Memory vector = new Memory(16);
        Memory control = new Memory(24);
        Memory message = new Memory(56)) {
      data.clear();
      vector.setPointer(0, data);
      vector.setLong(8, 1);
      control.clear();
      control.setLong(0, 20);
      control.setInt(8, 1 /* SOL_SOCKET */);
      control.setInt(12, 1 /* SCM_RIGHTS */);
      control.setInt(16, descriptor);
      message.clear();
      message.setPointer(16, vector);
      message.setLong(24, 1);
      message.setPointer(32, control);
      message.setLong(40, 24);
      check((int) sendmsg(socket, message, MSG_DONTWAIT), "sendmsg");
    }
    closeAll(descriptor);
  }

  /**
   * Calls the kernel by the number that a call has on x86-64.
   *
   * @param arguments ints, longs, texts and memory
   */
  static long call(int number, Object... arguments) {
    Object[] all = new Object[arguments.length + 1];
    all[0] = (long) number;
    for (int i = 0; i < arguments.length; i++) {
      // The kernel reads whole registers.
      all[i + 1] = arguments[i] instanceof Integer small ? Long.valueOf(small) : arguments[i];
    }
    long result = Function.getFunction("c", "syscall").invokeLong(all);
    if (result < 0) {
      throw new IllegalStateException(
          "system call " + number + " failed with errno " + Native.getLastError());
    }
    return result;
  }

  private static void check(int result, String call) {
    if (result < 0) {
      throw new IllegalStateException(call + " failed with errno " + Native.getLastError());
    }
  }
}
