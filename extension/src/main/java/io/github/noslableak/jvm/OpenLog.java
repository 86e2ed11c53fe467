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

/** Keeps what watched methods tell: the newest of them, so that it stays of bounded size. */
final class OpenLog implements IntConsumer {

  private static final int MOST = 1 << 18;

  private static final StackWalker STACK = StackWalker.getInstance();

  private static final String HOOK = OpenHook.class.getName();

  private static final int NONE = -1;

  /** What one thread is in. */
  private static final class Here {
    int method = NONE;
    long from;
    List<String> frames = List.of();
    boolean looking;
  }

  private final ThreadLocal<Here> threads = ThreadLocal.withInitial(Here::new);
  private final Map<List<String>, List<String>> known = new ConcurrentHashMap<>();
  private final Deque<Open> opens = new ArrayDeque<>();

  @Override
  public void accept(int at) {
    Here here = threads.get();
    if (here.looking) {
      return; // Looking may load classes, which opens files.
    }
    here.looking = true;
    try {
      if (at == OpenHook.ENDS) {
        ends(here);
      } else {
        begins(here, at);
      }
    } finally {
      here.looking = false;
    }
  }

  /** One such method may call another: the inner one opens. */
  private void begins(Here here, int method) {
    here.method = method;
    here.frames = frames();
    here.from = System.nanoTime();
  }

  private void ends(Here here) {
    if (here.method != NONE && !here.frames.isEmpty()) {
      long until = System.nanoTime();
      String kind = OpeningMethods.ALL.get(here.method).kind();
      add(new Open(kind, Libc.gettid(), here.from, until, here.frames));
    }
    here.method = NONE;
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
