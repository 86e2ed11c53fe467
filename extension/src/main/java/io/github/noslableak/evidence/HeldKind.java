package io.github.noslableak.evidence;

import io.github.noslableak.proc.Descriptors;

/** How something is held. */
public enum HeldKind {
  SOCKET,
  PIPE,
  EPOLL,
  EVENT,
  FILE,
  MAPPED,
  PLACE;

  static HeldKind of(Descriptors.Kind kind) {
    return switch (kind) {
      case SOCKET -> SOCKET;
      case PIPE -> PIPE;
      case EPOLL -> EPOLL;
      case EVENT -> EVENT;
      case FILE -> FILE;
    };
  }
}
