package io.github.noslableak.live.lifecycle;

import io.github.noslableak.testkit.Leaks;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Another extension, with a socket that is open while a test runs. */
final class SocketsOfAnExtension implements BeforeEachCallback, AfterEachCallback {

  static final Leaks OPEN = new Leaks();

  @Override
  public void beforeEach(ExtensionContext context) {
    OPEN.sockets(1);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    OPEN.undoAll();
  }
}
