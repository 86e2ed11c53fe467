package io.github.noslableak.examples.web.leaks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.NoSlabLeak;
import io.github.noslableak.examples.web.Note;
import io.github.noslableak.examples.web.store.NoteArchive;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.util.List;
import java.util.Scanner;
import java.util.logging.FileHandler;
import java.util.logging.Handler;
import java.util.logging.Logger;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are not closed. Run by {@link PlantedLeaksTests} alone. */
@Tag("leaking")
@NoSlabLeak
class FileLeakTestCases {

  private static final Logger AUDIT = Logger.getLogger("audit");

  @TempDir private Path directory;

  @Test
  @SuppressWarnings("StreamResourceLeak")
  void lists_a_directory() throws IOException {
    assertThat(Files.list(directory).count()).isZero();
  }

  @Test
  void watches_a_directory() throws IOException {
    WatchService watcher = directory.getFileSystem().newWatchService();
    directory.register(watcher, StandardWatchEventKinds.ENTRY_CREATE);
  }

  @Test
  void replaces_the_handler_of_a_log() throws IOException {
    AUDIT.setUseParentHandlers(false);
    for (Handler old : AUDIT.getHandlers()) {
      AUDIT.removeHandler(old);
    }
    AUDIT.addHandler(new FileHandler(directory.resolve("audit-%u.log").toString()));
    AUDIT.info("replaced");
  }

  @Test
  void reads_the_last_byte() throws IOException {
    Path file = Files.writeString(directory.resolve("note"), "two litres");
    RandomAccessFile content = new RandomAccessFile(file.toFile(), "r");
    content.seek(content.length() - 1);
    assertThat(content.read()).isEqualTo('s');
  }

  @Test
  void maps_a_file() throws IOException {
    Path file = Files.writeString(directory.resolve("note"), "two litres");
    FileChannel channel = FileChannel.open(file);
    Kept.forever(channel);
    assertThat(channel.map(MapMode.READ_ONLY, 0, channel.size()).get(0)).isEqualTo((byte) 't');
  }

  @Test
  void counts_the_entries_of_a_zip_file() throws IOException {
    ZipFile zip = new ZipFile(archive().toFile());
    assertThat(zip.size()).isEqualTo(1);
  }

  @Test
  void loads_a_resource_of_a_jar() throws IOException {
    URLClassLoader loader = new URLClassLoader(new URL[] {archive().toUri().toURL()});
    assertThat(loader.findResource("milk")).isNotNull();
  }

  @Test
  void scans_a_file() throws IOException {
    Path file = Files.writeString(directory.resolve("note"), "2 litres");
    Scanner scanner = new Scanner(file, UTF_8);
    assertThat(scanner.nextInt()).isEqualTo(2);
  }

  private Path archive() throws IOException {
    NoteArchive archive = new NoteArchive(directory.resolve("notes.jar"));
    archive.write(List.of(new Note("milk", "two litres")));
    return archive.file();
  }
}
