package io.github.noslableak.dump;

/** Understands lines of one kind, wherever in a text they stand. */
interface LineParser {

  /**
   * Takes a line if it is of this kind.
   *
   * @return whether it was
   * @throws DumpException if it should be, and is damaged; without its place
   */
  boolean take(String line) throws DumpException;

  /**
   * Tells that the text is over.
   *
   * @throws DumpException if something of it is missing; without its place
   */
  default void end() throws DumpException {}
}
