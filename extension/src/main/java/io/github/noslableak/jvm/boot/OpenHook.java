package io.github.noslableak.jvm.boot;

import java.util.function.IntConsumer;

/**
 * What the methods of the JDK that open something call, where they are watched. It is loaded by the
 * boot loader, for they see nothing else; so it is reached by reflection alone, and knows nobody.
 */
public final class OpenHook {

  /**
   * Told where such a method begins, with its number, and where it returns, with a number below 0;
   * see {@link #method}.
   */
  public static volatile IntConsumer listener = at -> {};

  private OpenHook() {}

  /** Called where a method begins. */
  public static void begins(int method) {
    listener.accept(method);
  }

  /** Called where a method returns; not where it throws. */
  public static void ends(int method) {
    listener.accept(-1 - method);
  }

  /** Returns the number of the method that returns, where such a one is told. */
  public static int method(int returning) {
    return -1 - returning;
  }
}
