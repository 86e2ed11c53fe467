package io.github.noslableak.report;

/** What can be registered with a descriptor, and stays until it is cancelled. */
public enum Registered {
  WATCH("watches", "cancel() the WatchKey, or close() the WatchService"),
  KEY("registered channels", "cancel() the SelectionKey, and select() once more"),
  MARK("marks", "Remove them with fanotify_mark(2)"),
  IN_FLIGHT(
      "files in flight", "Receive and close what was sent over the socket, or close the socket"),
  RING_FILE("registered files", "Unregister them from the io_uring, or close it");

  private final String plural;
  private final String remedy;

  Registered(String plural, String remedy) {
    this.plural = plural;
    this.remedy = remedy;
  }

  String plural() {
    return plural;
  }

  String remedy() {
    return remedy;
  }
}
