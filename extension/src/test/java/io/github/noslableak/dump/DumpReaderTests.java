package io.github.noslableak.dump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.noslableak.kernel.Captures;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Archives of both layouts, in each packing; and those that mean harm. */
class DumpReaderTests {

  /** How an archive is packed. */
  enum Packing {
    PLAIN,
    GZIP,
    XZ,
    BZIP2;

    OutputStream pack(OutputStream out) throws IOException {
      return switch (this) {
        case PLAIN -> out;
        case GZIP -> new GzipCompressorOutputStream(out);
        case XZ -> new XZCompressorOutputStream(out);
        case BZIP2 -> new BZip2CompressorOutputStream(out);
      };
    }
  }

  private static final String KERNEL = "vm-6.18";

  @TempDir private Path directory;

  private static String capture(String file) {
    return new String(Captures.bytes(KERNEL + "/" + file), StandardCharsets.ISO_8859_1);
  }

  private static Map<String, String> sos() {
    Map<String, String> files = new LinkedHashMap<>();
    files.put("version.txt", "sos report (version 4.8)\n");
    files.put("proc/meminfo", capture("meminfo.txt"));
    files.put("proc/slabinfo", capture("slabinfo.txt"));
    files.put("proc/modules", "leaky 20480 0 - Live 0xffffffffc0a1b000 (OE)\n");
    files.put(
        "sos_commands/memory/slabtop_-o",
        """
          OBJS ACTIVE  USE OBJ SIZE  SLABS OBJ/SLAB CACHE SIZE NAME
            19     19 100%    0.81K      1       19        16K sock_inode_cache
        """);
    files.put("sos_commands/kernel/ls_-alZ_.sys.kernel.slab", capture("ls-l-sys-kernel-slab.txt"));
    files.put(
        "sos_commands/host/uptime",
        " 03:12:09 up 5 days,  2:41,  1 user,  load average: 0, 0, 0\n");
    files.put("sos_commands/kernel/uname_-a", "Linux host 6.18.44 #1 SMP x86_64 GNU/Linux\n");
    return files;
  }

  /** As conf_files of supportconfig writes them: without empty lines and such as begin with #. */
  private static String configuration(String path, String text) {
    StringBuilder written = new StringBuilder();
    written.append("#==[ Configuration File ]===========================#\n# ").append(path);
    written.append('\n');
    text.lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .forEach(line -> written.append(line).append('\n'));
    return written.append("\n\n").toString();
  }

  private static Map<String, String> supportconfig() {
    Map<String, String> files = new LinkedHashMap<>();
    files.put(
        "basic-environment.txt",
        """
        #==[ Command ]======================================#
        # /bin/date
        Fri Nov 13 03:12:09 UTC 2026

        #==[ Command ]======================================#
        # /bin/uname -a
        Linux host 6.18.44 #1 SMP x86_64 GNU/Linux

        """);
    files.put(
        "basic-health-check.txt",
        """
        #==[ Command ]======================================#
        # /usr/bin/uptime
         03:12:09 up 5 days,  2:41,  1 user,  load average: 0.00, 0.00, 0.00

        """);
    files.put(
        "memory.txt",
        "#==[ Command ]======================================#\n# /usr/bin/free -k\n"
            + "              total        used        free      shared  buff/cache   available\n"
            + "Mem:       24683892      400000    23000000         600     1000000    24000000\n\n"
            + configuration("/proc/meminfo", capture("meminfo.txt"))
            + configuration("/proc/buddyinfo", "Node 0, zone      DMA      0      0      0\n")
            + configuration("/proc/slabinfo", capture("slabinfo.txt")));
    files.put(
        "proc.txt",
        configuration(
                "/proc/meminfo", capture("meminfo.txt").replaceAll("MemFree: .*", "MemFree: 1 kB"))
            + configuration("/proc/slabinfo", capture("slabinfo.txt").replace(" 154 ", " 155 "))
            + configuration("/proc/uptime", "441700.04 1750000.11\n")
            + configuration("/proc/modules", "leaky 20480 0 - Live 0xffffffffc0a1b000 (OE)\n"));
    return files;
  }

  private Path archive(String name, Packing packing, Map<String, String> files) throws IOException {
    Path archive = directory.resolve(name);
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(packing.pack(Files.newOutputStream(archive)))) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (Map.Entry<String, String> file : files.entrySet()) {
        byte[] bytes = file.getValue().getBytes(StandardCharsets.ISO_8859_1);
        TarArchiveEntry entry = new TarArchiveEntry("report-host-2026/" + file.getKey());
        entry.setSize(bytes.length);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
      }
    }
    return archive;
  }

  private static Dump read(Path path) throws IOException {
    return DumpReader.read(path, bytes -> {});
  }

  private static void isAll(Dump dump) throws IOException {
    Dump expected = Dumps.read(capture("slabinfo.txt") + "\n" + capture("meminfo.txt"));
    assertThat(dump.caches()).isEqualTo(expected.caches());
    assertThat(dump.memory()).isEqualTo(expected.memory());
    assertThat(dump.uptime()).contains(Duration.parse("P5DT2H41M"));
    assertThat(dump.kernel()).contains("6.18.44");
    assertThat(dump.foreignModules()).containsExactly("leaky");
  }

  @ParameterizedTest
  @EnumSource
  void a_sos_report(Packing packing) throws Exception {
    Dump dump = read(archive("sosreport.tar", packing, sos()));

    isAll(dump);
    assertThat(dump.aliases().get("signal_cache")).contains("UNIX-STREAM");
  }

  @ParameterizedTest
  @EnumSource
  void a_supportconfig_archive(Packing packing) throws Exception {
    isAll(read(archive("scc_host.txz", packing, supportconfig())));
  }

  @ParameterizedTest
  @EnumSource
  void a_file_that_is_packed_alone(Packing packing) throws Exception {
    Path file = directory.resolve("slabinfo");
    try (OutputStream out = packing.pack(Files.newOutputStream(file))) {
      out.write(Captures.bytes(KERNEL + "/slabinfo.txt"));
    }

    assertThat(read(file).caches()).hasSize(Captures.lines(KERNEL + "/slabinfo.txt").size() - 2);
  }

  @Test
  void an_archive_that_was_unpacked() throws Exception {
    for (Map.Entry<String, String> file : sos().entrySet()) {
      Path path = directory.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue(), StandardCharsets.ISO_8859_1);
    }

    isAll(read(directory));
  }

  @Test
  void an_archive_of_two_machines() throws Exception {
    Map<String, String> files = new LinkedHashMap<>();
    files.put("one/proc/slabinfo", capture("slabinfo.txt"));
    files.put("other/proc/slabinfo", capture("slabinfo.txt"));
    Path archive = directory.resolve("two.tar");
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(archive))) {
      for (Map.Entry<String, String> file : files.entrySet()) {
        byte[] bytes = file.getValue().getBytes(StandardCharsets.ISO_8859_1);
        TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
        entry.setSize(bytes.length);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
      }
    }

    assertThatThrownBy(() -> read(archive))
        .isInstanceOf(DumpException.class)
        .hasMessage(archive + " holds archives of several machines or moments");
  }

  @Test
  void an_archive_of_something_else() throws Exception {
    Path archive = archive("photos.tar.gz", Packing.GZIP, Map.of("a.jpg", "no slab"));

    assertThatThrownBy(() -> read(archive))
        .isInstanceOf(DumpException.class)
        .hasMessage(
            archive
                + " is neither a supportconfig archive nor a sos report: it has no memory.txt, no"
                + " slabinfo and no meminfo");
  }

  @Test
  void a_zip_archive() throws Exception {
    Path zip = Files.write(directory.resolve("x.zip"), new byte[] {'P', 'K', 3, 4, 0, 0});

    assertThatThrownBy(() -> read(zip))
        .isInstanceOf(DumpException.class)
        .hasMessage(zip + " is a zip archive: unpack it, and give its directory");
  }

  @Test
  void a_file_that_is_not_there() {
    assertThatThrownBy(() -> read(directory.resolve("none")))
        .isInstanceOf(NoSuchFileException.class);
  }

  // Those that mean harm

  @Test
  void paths_that_lead_elsewhere_are_not_followed() throws Exception {
    Path secret = Files.writeString(directory.resolve("secret"), capture("slabinfo.txt"));
    Path archive = directory.resolve("evil.tar");
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(archive))) {
      for (byte type : new byte[] {TarConstants.LF_SYMLINK, TarConstants.LF_LINK}) {
        TarArchiveEntry link = new TarArchiveEntry("host/proc/slabinfo", type);
        link.setLinkName(secret.toString());
        tar.putArchiveEntry(link);
        tar.closeArchiveEntry();
      }
      TarArchiveEntry above = new TarArchiveEntry("../../tmp/proc/slabinfo");
      byte[] bytes = Captures.bytes(KERNEL + "/slabinfo.txt");
      above.setSize(bytes.length);
      tar.putArchiveEntry(above);
      tar.write(bytes);
      tar.closeArchiveEntry();
    }

    assertThatThrownBy(() -> read(archive))
        .isInstanceOf(DumpException.class)
        .hasMessageContaining("neither a supportconfig archive nor a sos report");
  }

  @Test
  void a_link_in_a_directory_is_not_followed() throws Exception {
    Path secret = Files.writeString(directory.resolve("secret"), capture("slabinfo.txt"));
    Files.createDirectories(directory.resolve("report/proc"));
    Files.createSymbolicLink(directory.resolve("report/proc/slabinfo"), secret);

    assertThatThrownBy(() -> read(directory.resolve("report"))).isInstanceOf(DumpException.class);
  }

  @Test
  void a_part_that_unpacks_to_more_than_any_has() throws Exception {
    Path bomb = directory.resolve("bomb.tar.gz");
    long size = Limits.MOST_BYTES_OF_PART + 1;
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(new GzipCompressorOutputStream(Files.newOutputStream(bomb)))) {
      TarArchiveEntry entry = new TarArchiveEntry("host/proc/meminfo");
      entry.setSize(size);
      tar.putArchiveEntry(entry);
      byte[] block = new byte[1 << 20];
      for (long left = size; left > 0; left -= block.length) {
        tar.write(block, 0, (int) Math.min(left, block.length));
      }
      tar.closeArchiveEntry();
    }

    assertThat(Files.size(bomb)).isLessThan(1 << 20);
    assertThatThrownBy(() -> read(bomb))
        .isInstanceOf(DumpException.class)
        .hasMessage(bomb + ", host/proc/meminfo unpacks to more than 256 MiB, and is not read");
  }

  @Test
  void no_more_is_unpacked_than_allowed() {
    InputStream in = Limits.atMost(1 << 20, new ByteArrayInputStream(new byte[2 << 20]), "a bomb");

    assertThatThrownBy(() -> in.readNBytes(2 << 20))
        .isInstanceOf(DumpException.class)
        .hasMessage("a bomb unpacks to more than 1 MiB, and is not read");
  }

  @Test
  void no_more_is_skipped_than_allowed() {
    InputStream in = Limits.atMost(10, new ByteArrayInputStream(new byte[100]), "a bomb");

    assertThatThrownBy(() -> in.skipNBytes(50)).isInstanceOf(DumpException.class);
  }

  @Test
  void an_archive_that_is_cut_off() throws Exception {
    byte[] whole = Files.readAllBytes(archive("whole.tar.gz", Packing.GZIP, sos()));
    Path cut = Files.write(directory.resolve("cut"), Arrays.copyOf(whole, 9_000));

    assertThatThrownBy(() -> read(cut))
        .isInstanceOf(DumpException.class)
        .hasMessageContaining("cannot be read: ");
  }

  @Test
  void progress_is_told() throws Exception {
    List<Long> told = new ArrayList<>();
    DumpReader.read(archive("whole.tar", Packing.PLAIN, sos()), told::add);

    assertThat(told).hasSize(sos().size()).isSorted();
  }
}
