package io.github.noslableak.examples.io;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/**
 * The mistakes that a service is to make: none in production.
 *
 * <p>What was not given back by mistake can be given back after all by {@link #undo()}.
 */
public final class Mistakes {

  private final Set<Mistake> made;
  private final Deque<Release> forgotten = new ArrayDeque<>();

  private Mistakes(Set<Mistake> made) {
    this.made = made;
  }

  /** Gives something back to the kernel. */
  @FunctionalInterface
  interface Release {

    void run() throws IOException;
  }

  /** Makes no mistake. */
  public static Mistakes none() {
    return new Mistakes(Set.of());
  }

  /** Makes these mistakes, each of them whenever there is occasion to. */
  public static Mistakes of(Mistake... mistakes) {
    return new Mistakes(Set.copyOf(List.of(mistakes)));
  }

  /** Gives something back, unless forgetting it is a mistake to make. */
  void unless(Mistake mistake, Release release) throws IOException {
    if (!made.contains(mistake)) {
      release.run();
      return;
    }
    synchronized (forgotten) {
      forgotten.push(release);
    }
  }

  /** Returns how often something was not given back. */
  public int count() {
    synchronized (forgotten) {
      return forgotten.size();
    }
  }

  /**
   * Gives back everything that was not, the last first.
   *
   * @throws IOException if that fails; the rest is given back nevertheless
   */
  public void undo() throws IOException {
    IOException failure = null;
    synchronized (forgotten) {
      while (!forgotten.isEmpty()) {
        try {
          forgotten.pop().run();
        } catch (IOException e) {
          if (failure == null) {
            failure = e;
          } else {
            failure.addSuppressed(e);
          }
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
