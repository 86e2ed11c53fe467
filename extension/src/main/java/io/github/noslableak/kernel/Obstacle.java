package io.github.noslableak.kernel;

/**
 * What keeps something from being measured or followed here.
 *
 * @param what what is in the way, as a clause
 * @param remedy what takes it away, as an imperative
 */
public record Obstacle(String what, String remedy) {

  /** Returns both in one: what is in the way, and how to grant it. */
  public String sentence() {
    return what + "; to grant it, " + remedy;
  }
}
