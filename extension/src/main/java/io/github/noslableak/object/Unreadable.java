package io.github.noslableak.object;

/** What is at an address, or how this kernel lays it out, cannot be told. */
final class Unreadable extends Exception {

  private static final long serialVersionUID = 1L;

  Unreadable(String message) {
    super(message);
  }
}
