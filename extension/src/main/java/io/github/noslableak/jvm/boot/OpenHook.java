package io.github.noslableak.jvm.boot;

import java.util.function.IntConsumer;

/**
 * What the methods of the JDK that open something call, where they are watched. It is loaded by the
 * boot loader, for they see nothing else; so it is reached by reflection alone, and knows nobody.
 */
public final class OpenHook {

  /** Told where such a method begins, with its number, and where it ends, with {@link #ENDS}. */
  public static volatile IntConsumer listener = at -> {};

  public static final int ENDS = -1;

  private OpenHook() {}

  /** Called where a method begins. */
  public static void begins(int method) {
    listener.accept(method);
  }

  /** Called where a method returns; not where it throws. */
  public static void ends() {
    listener.accept(ENDS);
  }
}
