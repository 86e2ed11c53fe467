package io.github.noslableak.live;

import java.io.Closeable;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** Live tests that leave something behind on purpose, and undo it when they are over. */
abstract class LeavesBehind {

  /** What undoes something. */
  interface Undo {
    void run() throws Exception;
  }

  final Deque<Undo> undo = new ArrayDeque<>();

  /** What leaks here never goes away by itself: a short linger is enough. */
  @BeforeAll
  static void lingerShortly() {
    System.setProperty("noslableak.linger", "500 ms");
  }

  @AfterAll
  static void lingerAsBefore() {
    System.clearProperty("noslableak.linger");
  }

  @AfterEach
  void undoAll() throws Exception {
    while (!undo.isEmpty()) {
      undo.pop().run();
    }
  }

  <T extends Closeable> T keep(T leaked) {
    undo.push(leaked::close);
    return leaked;
  }
}
