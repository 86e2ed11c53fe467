package io.github.noslableak.trace;

import io.github.noslableak.kernel.KernelFile;
import io.github.noslableak.kernel.KernelFileException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds functions by address in /proc/kallsyms. It is a hundred thousand lines long, so it goes by
 * in pieces and only what was asked for is kept.
 *
 * <pre>{@code
 * ffffffff81a1c4b0 T tcp_v4_connect
 * ffffffffc0a81000 t leaky_close	[leaky]
 * }</pre>
 */
public final class KernelSymbols implements AutoCloseable {

  private static final int PIECE = 64 * 1024;

  /** Functions of the tracing itself, which some kernels leave on top of a stack. */
  private static final List<String> TRACING =
      List.of(
          "trace_event_",
          "__traceiter_",
          "__ftrace_",
          "ftrace_",
          "event_triggers_",
          "stacktrace_",
          "__trace_stack",
          "perf_trace_",
          "__bpf_trace");

  private final KernelFile file;

  /** What was found: it takes a pass to find more. */
  private final Map<Long, Frame> found = new HashMap<>();

  private KernelSymbols(KernelFile file) {
    this.file = file;
  }

  /** Opens the file, and has the kernel make the buffer that it reads into from then on. */
  public static KernelSymbols open() throws KernelFileException {
    KernelFile file = KernelFile.openForReading(Path.of("/proc/kallsyms"), 1);
    try {
      ByteBuffer ignored = file.readOnce();
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
    return new KernelSymbols(file);
  }

  /**
   * Returns a frame for each of the addresses. A pass takes a twentieth of a second; there is none
   * where all were asked for before.
   */
  public synchronized Map<Long, Frame> find(long[] addresses) {
    long[] unknown =
        Arrays.stream(addresses).filter(address -> !found.containsKey(address)).toArray();
    if (unknown.length > 0) {
      Search search = new Search(unknown);
      read(search);
      found.putAll(search.result());
    }
    Map<Long, Frame> frames = new HashMap<>();
    for (long address : addresses) {
      frames.put(address, found.getOrDefault(address, Frame.unnamed(address)));
    }
    return frames;
  }

  /**
   * Names the variables of modules that hold some addresses, such as {@code leaky_records+0x10};
   * those that are in none are left out, as all are on kernels that tell of functions alone.
   *
   * @param addresses with the names of the modules
   */
  public Map<Long, String> findVariables(Map<Long, String> addresses) {
    Search search =
        new Search(addresses.keySet().stream().mapToLong(Long::longValue).toArray(), "dDbBrR");
    read(search);
    Map<Long, String> names = new HashMap<>();
    search
        .starts()
        .forEach(
            (address, symbol) -> {
              if (symbol.frame().module().equals(Optional.ofNullable(addresses.get(address)))) {
                long behind = address - symbol.start();
                String name = symbol.frame().symbol();
                names.put(address, behind == 0 ? name : name + "+0x" + Long.toHexString(behind));
              }
            });
    return names;
  }

  /** Passes all symbols by. */
  public void read(Scan scan) {
    ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);
    long offset = 0;
    while (file.readAt(piece, offset) > 0) {
      offset += piece.limit();
      scan.read(piece);
    }
  }

  /** Whether the frame is one of the tracing itself. */
  public static boolean isTracing(Frame frame) {
    return TRACING.stream().anyMatch(frame.symbol()::startsWith);
  }

  @Override
  public synchronized void close() {
    file.close();
  }

  /** One pass through the file; its lines are not sorted. */
  public abstract static class Scan {

    private static final String FUNCTIONS = "tTwW";

    private final String types;
    private final byte[] line = new byte[1024];
    private int length;
    private int name;

    /** Makes one that is told of functions. */
    protected Scan() {
      this(FUNCTIONS);
    }

    /**
     * Makes one.
     *
     * @param types the letters of the types of symbols that it is told of, as nm(1) has them
     */
    protected Scan(String types) {
      this.types = types;
    }

    public void read(ByteBuffer piece) {
      while (piece.hasRemaining()) {
        byte next = piece.get();
        if (next == '\n') {
          line();
          length = 0;
        } else if (length < line.length) {
          line[length++] = next;
        }
      }
    }

    private void line() {
      long address = 0;
      int at = 0;
      int digit;
      while (at < length && (digit = Character.digit(line[at], 16)) >= 0) {
        address = address << 4 | digit;
        at++;
      }
      if (at + 3 >= length || line[at] != ' ' || types.indexOf(line[at + 1]) < 0) {
        return; // Of another type.
      }
      if (address != 0) {
        name = at + 3;
        symbol(address);
      }
    }

    /** Told of each symbol, by its address. */
    protected abstract void symbol(long address);

    /** Returns the name of the symbol that it is told of, with its module if it has one. */
    protected String text() {
      return new String(line, name, length - name, StandardCharsets.UTF_8);
    }
  }

  /** Finds the functions that hold some addresses. */
  public static final class Search extends Scan {

    private final long[] wanted; // In the order of unsigned numbers, as are the starts.
    private final long[] starts;
    private final @Nullable String[] names;

    public Search(long[] addresses) {
      this(addresses, Scan.FUNCTIONS);
    }

    private Search(long[] addresses, String types) {
      super(types);
      // Kernel addresses have the highest bit set: their order as signed numbers is the same.
      wanted = Arrays.stream(addresses).sorted().distinct().toArray();
      starts = new long[wanted.length];
      names = new String[wanted.length];
    }

    @Override
    protected void symbol(long address) {
      int found = Arrays.binarySearch(wanted, address);
      int index = found >= 0 ? found : -found - 1;
      // The first symbol at an address is kept: the later ones are its other names.
      if (index < wanted.length && address > startOf(index)) {
        starts[index] = address;
        names[index] = text();
      }
    }

    private long startOf(int index) {
      return names[index] == null ? Long.MIN_VALUE : starts[index];
    }

    /** A symbol, and where it starts. */
    private record Start(long start, Frame frame) {}

    public Map<Long, Frame> result() {
      Map<Long, Frame> frames = new HashMap<>();
      starts().forEach((address, symbol) -> frames.put(address, symbol.frame()));
      return frames;
    }

    private Map<Long, Start> starts() {
      Map<Long, Start> found = new HashMap<>();
      String nearest = null;
      long start = 0;
      for (int i = 0; i < wanted.length; i++) {
        if (names[i] != null) {
          nearest = names[i];
          start = starts[i];
        }
        found.put(wanted[i], new Start(start, frame(wanted[i], nearest)));
      }
      return found;
    }

    private static Frame frame(long address, @Nullable String text) {
      if (text == null) {
        return Frame.unnamed(address);
      }
      int tab = text.indexOf('\t');
      if (tab < 0) {
        return new Frame(text, Optional.empty());
      }
      String module = text.substring(tab + 1).strip().replaceAll("^\\[|]$", "");
      return new Frame(text.substring(0, tab), Optional.of(module));
    }
  }
}
