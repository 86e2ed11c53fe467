package io.github.noslableak.dump;

import java.io.IOException;

/** What was given is no dump, or a damaged one; the message says where, in one sentence. */
public final class DumpException extends IOException {

  private static final long serialVersionUID = 1L;

  DumpException(String message) {
    super(message);
  }
}
