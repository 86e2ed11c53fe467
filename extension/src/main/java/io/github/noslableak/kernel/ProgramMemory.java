package io.github.noslableak.kernel;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The kernel's memory by a BPF program of some instructions (BPF_PROG_TYPE_SYSCALL, since 5.14)
 * that copies what is at an address into a map, with {@code bpf_probe_read_kernel}: an address that
 * is not mapped is an error and no fault. Nothing of it is attached anywhere, and it is gone when
 * its two descriptors are closed. It needs root, and a kernel that is not locked down to
 * "confidentiality".
 */
final class ProgramMemory implements KernelMemory {

  private static final int MAP_CREATE = 0;
  private static final int PROG_LOAD = 5;
  private static final int PROG_TEST_RUN = 10;

  private static final int MAP_TYPE_ARRAY = 2;

  /** BPF_F_MMAPABLE, since 5.5. */
  private static final int MMAPABLE = 1 << 10;

  private static final int PROG_TYPE_SYSCALL = 31;
  private static final int SLEEPABLE = 1 << 4;

  /** The helper bpf_probe_read_kernel (include/uapi/linux/bpf.h). */
  private static final int PROBE_READ_KERNEL = 113;

  /** The helper bpf_get_current_task. */
  private static final int GET_CURRENT_TASK = 35;

  private static final int PSEUDO_MAP_VALUE = 2;

  /** As large as union bpf_attr has to be for these commands; the rest of it is zero. */
  private static final int ATTRIBUTES = 128;

  private final int map;
  private final int program;
  private final ByteBuffer context = buffer(16);

  /** The map's only value, where the program writes to. */
  private final ByteBuffer value;

  private final ByteBuffer attributes = buffer(ATTRIBUTES);
  private boolean closed;

  private ProgramMemory(int map, long mapped, int program) {
    this.map = map;
    this.program = program;
    this.value = new Pointer(mapped).getByteBuffer(0, MOST_BYTES).order(ByteOrder.nativeOrder());
  }

  /**
   * Loads the program.
   *
   * @throws IOException if the kernel has no such programs, or lets this process load none
   */
  static ProgramMemory open() throws IOException {
    ByteBuffer create = buffer(ATTRIBUTES);
    create.putInt(MAP_TYPE_ARRAY).putInt(4).putInt(MOST_BYTES).putInt(1).putInt(MMAPABLE);
    int map = called(MAP_CREATE, create);
    long mapped = Libc.mapShared(map, MOST_BYTES);
    try {
      if (mapped == -1) {
        throw refused();
      }
      return new ProgramMemory(map, mapped, load(map));
    } catch (IOException e) {
      if (mapped != -1) {
        int ignored = Libc.munmap(mapped, MOST_BYTES);
      }
      int ignored = Libc.close(map);
      throw e;
    }
  }

  private static int load(int map) throws IOException {
    ByteBuffer code = code(map);
    ByteBuffer licence = buffer(4);
    licence.put("GPL".getBytes(StandardCharsets.US_ASCII)); // The helper asks for it.
    ByteBuffer attributes = buffer(ATTRIBUTES);
    attributes
        .putInt(PROG_TYPE_SYSCALL)
        .putInt(code.capacity() / 8)
        .putLong(address(code))
        .putLong(address(licence))
        .putInt(44, SLEEPABLE);
    try {
      return called(PROG_LOAD, attributes);
    } finally {
      Reference.reachabilityFence(code);
      Reference.reachabilityFence(licence);
    }
  }

  /**
   * Copies as many bytes as the context's second word says from where its first one points to;
   * where that is none, puts into the first word where the task lies.
   */
  private static ByteBuffer code(int map) {
    ByteBuffer code = buffer(14 * 8);
    instruction(code, 0xbf, 6, 1, 0, 0); // r6 = the context
    instruction(code, 0xb7, 0, 0, 0, -1); // r0 = -1
    instruction(code, 0x79, 2, 6, 8, 0); // r2 = its second word
    instruction(code, 0x25, 2, 0, 9, MOST_BYTES); // more than there is room for: to the end
    instruction(code, 0x55, 2, 0, 4, 0); // some: to where they are copied
    instruction(code, 0x85, 0, 0, 0, GET_CURRENT_TASK);
    instruction(code, 0x7b, 6, 0, 0, 0); // the context's first word = r0
    instruction(code, 0xb7, 0, 0, 0, 0); // r0 = 0
    instruction(code, 0x05, 0, 0, 4, 0); // to the end
    instruction(code, 0x18, 1, PSEUDO_MAP_VALUE, 0, map); // r1 = the map's value, a double one
    instruction(code, 0, 0, 0, 0, 0);
    instruction(code, 0x79, 3, 6, 0, 0); // r3 = the context's first word
    instruction(code, 0x85, 0, 0, 0, PROBE_READ_KERNEL);
    instruction(code, 0x95, 0, 0, 0, 0); // the end
    return code;
  }

  private static void instruction(
      ByteBuffer code, int operation, int to, int from, int offset, int constant) {
    boolean little = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    code.put((byte) operation)
        .put((byte) (little ? from << 4 | to : to << 4 | from))
        .putShort((short) offset)
        .putInt(constant);
  }

  @Override
  public Optional<ByteBuffer> read(long address, int bytes) {
    KernelMemory.check(bytes, closed);
    return run(address, bytes)
        ? Optional.of(value.slice(0, bytes).order(ByteOrder.nativeOrder()))
        : Optional.empty();
  }

  @Override
  public OptionalLong currentTask() {
    return run(0, 0) ? OptionalLong.of(context.getLong(0)) : OptionalLong.empty();
  }

  @Override
  public OptionalLong firstTask() {
    return OptionalLong.empty();
  }

  private boolean run(long address, int bytes) {
    context.putLong(0, address).putLong(8, bytes);
    zero(attributes);
    attributes.putInt(0, program).putInt(40, context.capacity()).putLong(48, address(context));
    return bpf(PROG_TEST_RUN, attributes) >= 0 && attributes.getInt(4) == 0;
  }

  /** From the buffer's start: what is passed on begins at its position. */
  private static int bpf(int command, ByteBuffer attributes) {
    return Libc.bpf(command, attributes.clear(), ATTRIBUTES);
  }

  private static int called(int command, ByteBuffer attributes) throws IOException {
    int descriptor = bpf(command, attributes);
    if (descriptor < 0) {
      throw refused();
    }
    return descriptor;
  }

  private static IOException refused() {
    return new IOException(
        "this kernel lets no BPF program read its memory ("
            + Libc.describe(Libc.lastError())
            + ")");
  }

  private static void zero(ByteBuffer attributes) {
    for (int at = 0; at < ATTRIBUTES; at += Long.BYTES) {
      attributes.putLong(at, 0);
    }
  }

  private static long address(ByteBuffer direct) {
    return Pointer.nativeValue(Native.getDirectBufferPointer(direct.clear()));
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }

  /** Closes both descriptors. A second call does nothing. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      int ignored = Libc.close(program);
      ignored = Libc.munmap(Pointer.nativeValue(Native.getDirectBufferPointer(value)), MOST_BYTES);
      ignored = Libc.close(map);
    }
  }
}
