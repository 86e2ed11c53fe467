package io.github.noslableak.examples.web.leaks;

import java.util.ArrayDeque;
import java.util.Deque;

/** What a product keeps by mistake: reachable, so that no garbage collection closes it. */
final class Kept {

  private static final Deque<AutoCloseable> ALL = new ArrayDeque<>();

  private Kept() {}

  static synchronized void forever(AutoCloseable resource) {
    ALL.push(resource);
  }

  /** Closes all of it, once the test that kept it has failed. */
  static synchronized void release() throws Exception {
    while (!ALL.isEmpty()) {
      ALL.pop().close();
    }
  }
}
