package io.github.noslableak.baseline;

/** A line of a baseline that cannot be read. */
public final class BaselineSyntaxException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int line;

  BaselineSyntaxException(int line, String reason) {
    super(reason);
    this.line = line;
  }

  /** Returns the number of the line, from 1. */
  public int line() {
    return line;
  }
}
