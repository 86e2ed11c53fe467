package io.github.noslableak.jvm;

import io.github.noslableak.jvm.OpeningMethods.Frame;
import io.github.noslableak.jvm.boot.OpenHook;
import io.github.noslableak.kernel.Libc;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;
import java.util.stream.Stream;

/** Keeps what watched methods tell: the newest of them, so that it stays of bounded size. */
final class OpenLog implements IntConsumer {

  private static final int MOST = 1 << 18;

  private static final StackWalker STACK = StackWalker.getInstance();

  private static final String HOOK = OpenHook.class.getName();

  /** Of methods that threw, and so never ended. */
  private static final int MOST_NESTED = 64;

  /** One watched method that a thread is in. */
  private record Begun(int method, long from) {}

  /** What one thread is in, the innermost method first. */
  private static final class Here {
    final Deque<Begun> begun = new ArrayDeque<>();
    boolean looking;
  }

  private final ThreadLocal<Here> threads = ThreadLocal.withInitial(Here::new);
  private final Map<List<String>, List<String>> known = new ConcurrentHashMap<>();
  private final Deque<Open> opens = new ArrayDeque<>();
  private volatile boolean broken;

  /** Whatever it needs is loaded now, and not in the midst of what loads classes itself. */
  OpenLog() {
    List<String> frames =
        new ArrayList<>(OpeningMethods.product(Stream.of(new Frame("x.Example", "opens", 1))));
    frames.addAll(frames());
    begins(threads.get(), 0);
    add(new Open(OpeningMethods.ALL.get(0).kind(), Libc.gettid(), 0, System.nanoTime(), frames));
    ends(threads.get(), 0);
    opens.clear();
  }

  /** Nothing of this may disturb the product, in whose midst it is called. */
  @Override
  public void accept(int at) {
    if (broken) {
      return;
    }
    try {
      Here here = threads.get();
      if (here.looking) {
        return; // Looking may load classes, which opens files.
      }
      here.looking = true;
      try {
        if (at < 0) {
          ends(here, OpenHook.method(at));
        } else {
          begins(here, at);
        }
      } finally {
        here.looking = false;
      }
    } catch (Throwable e) { // Such as a stack or a heap that is full: what is known by then stands.
      broken = true;
    }
  }

  private static void begins(Here here, int method) {
    if (here.begun.size() >= MOST_NESTED) {
      here.begun.clear();
    }
    here.begun.push(new Begun(method, System.nanoTime()));
  }

  /** Those that it called and that threw have not ended. */
  private void ends(Here here, int method) {
    long until = System.nanoTime();
    Begun begun = here.begun.poll();
    while (begun != null && begun.method() != method) {
      begun = here.begun.poll();
    }
    if (begun != null) {
      List<String> frames = frames();
      if (!frames.isEmpty()) {
        String kind = OpeningMethods.ALL.get(begun.method()).kind();
        add(new Open(kind, Libc.gettid(), begun.from(), until, frames));
      }
    }
  }

  private synchronized void add(Open open) {
    opens.addLast(open);
    if (opens.size() > MOST) {
      opens.removeFirst();
    }
  }

  private List<String> frames() {
    List<String> frames =
        STACK.walk(
            stack ->
                OpeningMethods.product(
                    stack
                        .dropWhile(frame -> !frame.getClassName().equals(HOOK))
                        .skip(1)
                        .map(
                            frame ->
                                new Frame(
                                    frame.getClassName(),
                                    frame.getMethodName(),
                                    frame.getLineNumber()))));
    return known.computeIfAbsent(frames, same -> same);
  }

  /** Returns what was opened until now, in the order in which it was. */
  synchronized List<Open> opens() {
    List<Open> inOrder = new ArrayList<>(opens);
    inOrder.sort(Comparator.comparingLong(Open::from));
    return inOrder;
  }
}
