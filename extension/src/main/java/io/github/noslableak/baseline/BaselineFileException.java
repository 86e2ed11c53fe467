package io.github.noslableak.baseline;

import java.io.IOException;

/** A file of known leaks that cannot be used; the message names it and what to do. */
final class BaselineFileException extends IOException {

  private static final long serialVersionUID = 1L;

  BaselineFileException(String message) {
    super(message);
  }

  BaselineFileException(String message, Throwable cause) {
    super(message, cause);
  }
}
