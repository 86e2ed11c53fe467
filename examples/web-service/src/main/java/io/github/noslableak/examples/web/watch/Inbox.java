package io.github.noslableak.examples.web.watch;

import io.github.noslableak.examples.web.Note;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/** A directory into which notes are moved as files. */
public final class Inbox implements AutoCloseable {

  private final Path directory;
  private final WatchService watcher;
  private final Queue<Path> arrived = new ArrayDeque<>();

  /**
   * Watches a directory.
   *
   * @param directory the directory
   * @throws IOException if it cannot be watched
   */
  public Inbox(Path directory) throws IOException {
    this.directory = directory;
    watcher = directory.getFileSystem().newWatchService();
    try {
      directory.register(watcher, StandardWatchEventKinds.ENTRY_CREATE);
    } catch (IOException e) {
      watcher.close();
      throw e;
    }
  }

  /**
   * Waits for the next note and takes it out.
   *
   * @param limit how long to wait
   * @return the note, or none in that time
   * @throws IOException if its file cannot be read
   * @throws InterruptedException if the waiting thread is interrupted
   */
  public Optional<Note> next(Duration limit) throws IOException, InterruptedException {
    if (arrived.isEmpty()) {
      WatchKey key = watcher.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (key == null) {
        return Optional.empty();
      }
      for (WatchEvent<?> event : key.pollEvents()) {
        if (event.context() instanceof Path name) {
          arrived.add(directory.resolve(name));
        }
      }
      key.reset();
    }
    Path file = arrived.remove();
    Note note = new Note(file.getFileName().toString(), Files.readString(file));
    Files.delete(file);
    return Optional.of(note);
  }

  @Override
  public void close() throws IOException {
    watcher.close();
  }
}
