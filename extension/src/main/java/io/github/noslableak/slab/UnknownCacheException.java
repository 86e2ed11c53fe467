package io.github.noslableak.slab;

/** A name, glob or group that stands for no slab cache of this kernel. */
public final class UnknownCacheException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  UnknownCacheException(String message) {
    super(message);
  }
}
