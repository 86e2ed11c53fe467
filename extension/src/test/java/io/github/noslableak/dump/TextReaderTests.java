package io.github.noslableak.dump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.noslableak.kernel.Captures;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is understood of texts, and what is not. */
class TextReaderTests {

  private static final String SLABINFO =
      """
      slabinfo - version: 2.1
      # name            <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab> : tunables
      dentry              3100   3108    192   21    1 : tunables    0    0    0 : slabdata    148    148      0
      filp                  12     16    256   16    1 : tunables    0    0    0 : slabdata      1      1      0
      """;

  private static final String MEMINFO =
      """
      MemTotal:         737308 kB
      MemFree:          602596 kB
      MemAvailable:     557364 kB
      Slab:              16996 kB
      SReclaimable:       9756 kB
      SUnreclaim:         7240 kB
      """;

  private static final String NAMES_LAST =
      "CACHE             OBJSIZE  ALLOCATED     TOTAL  SLABS  SSIZE  NAME\n";

  private static final String KMEM_I =
      """
                       PAGES        TOTAL      PERCENTAGE
          TOTAL MEM    87748     342.8 MB         ----
               FREE    76628     299.3 MB   87% of TOTAL MEM
               SLAB     3731      14.6 MB    4% of TOTAL MEM
      """;

  private static String capture(String name) {
    return new String(Captures.bytes(name), StandardCharsets.ISO_8859_1);
  }

  @Test
  void slabinfo_by_its_rows() throws Exception {
    Dump dump = Dumps.read(SLABINFO);

    assertThat(dump.caches())
        .containsExactly(
            new CacheUse(
                "dentry",
                OptionalLong.of(192),
                OptionalLong.of(3100),
                OptionalLong.of(3108),
                OptionalLong.of(3108 * 192)),
            new CacheUse(
                "filp",
                OptionalLong.of(256),
                OptionalLong.of(12),
                OptionalLong.of(16),
                OptionalLong.of(16 * 256)));
    assertThat(dump.memory()).isEmpty();
  }

  @Test
  void slabinfo_of_SLAB_with_its_statistics() throws Exception {
    Dump dump =
        Dumps.read(
            "slabinfo - version: 2.1 (statistics)\n"
                + "# name ... : globalstat <listallocs> ... : cpustat <allochit>\n"
                + "dentry 31 40 192 20 1 : tunables 120 60 8 : slabdata 2 2 0 : globalstat 1 2 3 4 5 6 7 8 9"
                + " : cpustat 1 2 3 4\n");

    assertThat(dump.cache("dentry").orElseThrow().objects()).hasValue(31);
  }

  /** Slots and free slots are summed one after the other; see mm/slub.c. */
  @Test
  void objects_in_use_that_wrapped_below_zero_are_none() throws Exception {
    Dump dump =
        Dumps.read("x 18446744073709551612 40 192 20 1 : tunables 0 0 0 : slabdata 2 2 0\n");

    assertThat(dump.cache("x").orElseThrow().objects()).hasValue(0);
  }

  @Test
  void caches_of_one_name_are_summed() throws Exception {
    String one = "xfs_inode 10 20 1024 16 4 : tunables 0 0 0 : slabdata 2 2 0\n";
    String other = "xfs_inode 12 20 1024 16 4 : tunables 0 0 0 : slabdata 2 2 0\n";

    assertThat(Dumps.read(one + other).cache("xfs_inode").orElseThrow().objects()).hasValue(22);
  }

  @Test
  void meminfo() throws Exception {
    assertThat(Dumps.read(MEMINFO).memory())
        .contains(
            new Memory(
                737308L << 10,
                602596L << 10,
                OptionalLong.of(557364L << 10),
                16996L << 10,
                OptionalLong.of(9756L << 10)));
  }

  /** A supportconfig archive may have it twice, of two moments. */
  @Test
  void the_first_of_two_meminfo_stands() throws Exception {
    assertThat(Dumps.read(MEMINFO + "\n" + MEMINFO.replace("602596", "1")).memory())
        .hasValueSatisfying(memory -> assertThat(memory.free()).isEqualTo(602596L << 10));
  }

  @Test
  void crash_as_it_printed_dumps_of_our_own() throws Exception {
    Dump dump = Dumps.read(capture("crash/crash-leaky.txt"));

    assertThat(dump.kernel()).contains("6.1.0-56-cloud-amd64");
    assertThat(dump.uptime()).contains(Duration.ofSeconds(14));
    assertThat(dump.taken()).contains(Instant.parse("2026-11-23T06:26:42Z"));
    assertThat(dump.memory())
        .contains(
            new Memory(
                87748L << 12,
                76628L << 12,
                OptionalLong.empty(),
                3731L << 12,
                OptionalLong.empty()));
    assertThat(dump.cache("sock_inode_cache"))
        .contains(
            new CacheUse(
                "sock_inode_cache",
                OptionalLong.of(768),
                OptionalLong.of(5020),
                OptionalLong.of(5035),
                OptionalLong.of(265 * (16 << 10))));
    assertThat(dump.cache("dentry").orElseThrow().objects()).hasValue(21146);
    assertThat(dump.caches()).hasSize(155);
  }

  @ParameterizedTest
  @ValueSource(strings = {"story.txt", "story-before-7.2.4.txt"})
  void crash_before_and_since_it_prints_names_last(String file) throws Exception {
    Dump dump = Dumps.read(Dumps.text(file));

    assertThat(dump.cache("sock_inode_cache").orElseThrow().objects()).hasValue(3_000_000);
    assertThat(dump.cache("dentry").orElseThrow().objects()).hasValue(3_900_000);
    assertThat(dump.cache("ext3 xattr").orElseThrow().objects()).hasValue(0);
    assertThat(dump.cache("dma-kmalloc-512").orElseThrow().objects()).isEmpty();
    assertThat(dump.cache("dma-kmalloc-512").orElseThrow().usedBytes()).isEmpty();
    assertThat(dump.notes()).containsExactly("crash could not read the slabs of dma-kmalloc-512");
    assertThat(dump.uptime()).contains(Duration.parse("P5DT2H41M17S"));
    assertThat(dump.caches()).hasSize(11);
  }

  @Test
  void caches_that_crash_was_told_to_leave_out() throws Exception {
    Dump dump =
        Dumps.read(
            NAMES_LAST
                + "ffff88013a800000      640    3000000   3000000  120000    16k  sock_inode_cache\n"
                + "ffff88013a800100 [IGNORED]                                    dentry\n");

    assertThat(dump.caches()).extracting(CacheUse::name).containsExactly("sock_inode_cache");
    assertThat(dump.notes()).containsExactly("crash left out caches that it could not read");
  }

  @Test
  void pages_of_64_KiB_are_known_by_their_totals() throws Exception {
    Dump dump =
        Dumps.read(
            """
                             PAGES        TOTAL      PERCENTAGE
                TOTAL MEM    65536         4 GB         ----
                     FREE     6553     409.6 MB    9% of TOTAL MEM
                     SLAB    16384         1 GB   25% of TOTAL MEM
            """);

    assertThat(dump.memory().orElseThrow().slab()).isEqualTo(1L << 30);
  }

  @Test
  void slabtop() throws Exception {
    Dump dump =
        Dumps.read(
            """
             Active / Total Objects (% used)    : 5110 / 5224 (97.8%)
             Active / Total Slabs (% used)      : 170 / 170 (100.0%)

              OBJS ACTIVE  USE OBJ SIZE  SLABS OBJ/SLAB CACHE SIZE NAME
              5020   5000  99%    0.81K    265       19      4240K sock_inode_cache
               204    110  53%    0.04K      2      102         8K ext4_extent_status
            """);

    assertThat(dump.cache("sock_inode_cache"))
        .contains(
            new CacheUse(
                "sock_inode_cache",
                OptionalLong.empty(),
                OptionalLong.of(5000),
                OptionalLong.of(5020),
                OptionalLong.of(4240 << 10)));
    assertThat(dump.notes()).hasSize(1);
  }

  /** Its sizes are rounded, so it comes last. */
  @Test
  void slabinfo_goes_before_slabtop() throws Exception {
    Dump dump =
        Dumps.read(
            "  OBJS ACTIVE  USE OBJ SIZE  SLABS OBJ/SLAB CACHE SIZE NAME\n"
                + "  5020   5000  99%    0.81K    265       19      4240K sock_inode_cache\n\n"
                + SLABINFO);

    assertThat(dump.caches()).extracting(CacheUse::name).containsExactly("dentry", "filp");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        " 03:12:09 up 5 days,  2:41,  1 user,  load average: 0.00, 0.01, 0.05 | P5DT2H41M",
        "03:12:09 up 2:41,  0 users,  load average: 0.00, 0.01, 0.05 | PT2H41M",
        "03:12:09 up 11 min,  2 users,  load average: 0.00, 0.01, 0.05 | PT11M",
        "03:12:09 up 400 days, 11 min,  2 users,  load average: 0.00, 0.01, 0.05 | P400DT11M",
        "441677.04 1750000.11 | PT122H41M17S",
        "'      UPTIME: 122 days, 00:00:14' | P122DT14S",
      })
  void uptimes(String line, Duration uptime) throws Exception {
    assertThat(Dumps.read(SLABINFO + "\n" + line + "\n").uptime()).contains(uptime);
  }

  @Test
  void modules_that_are_not_of_the_kernel_s_own_tree() throws Exception {
    Dump dump =
        Dumps.read(
            SLABINFO
                + "\n"
                + "noslableak_hook 20480 0 - Live 0xffffffffc0a1b000 (OE)\n"
                + "nvidia 56000000 12 nvidia_uvm,nvidia_modeset, Live 0x0000000000000000 (POE)\n"
                + "ext4 1003520 1 - Live 0xffffffffc0500000\n");

    assertThat(dump.foreignModules()).containsExactly("noslableak_hook", "nvidia");
  }

  @Test
  void aliases_by_a_listing_of_the_caches_directories() throws Exception {
    Dump dump =
        Dumps.read(
            capture("vm-6.18/slabinfo.txt") + "\n" + capture("vm-6.18/ls-l-sys-kernel-slab.txt"));

    assertThat(dump.aliases().get("signal_cache")).containsExactly("UNIX", "UNIX-STREAM");
    assertThat(dump.aliases()).doesNotContainKey("dentry");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "case-study/0-nomodule",
        "case-study/1-healthy",
        "case-study/2-leaky-every1",
        "case-study/3-leaky-every10",
        "debian-6.1",
        "vm-6.18"
      })
  void each_capture_of_a_running_kernel(String capture) throws Exception {
    Dump dump =
        Dumps.read(capture(capture + "/slabinfo.txt") + "\n" + capture(capture + "/meminfo.txt"));

    assertThat(dump.caches())
        .hasSameSizeAs(Captures.lines(capture + "/slabinfo.txt").stream().skip(2).toList());
    long caches = dump.caches().stream().mapToLong(cache -> cache.bytes().orElseThrow()).sum();
    assertThat(caches)
        .as("what the caches have is what the machine says")
        .isBetween(dump.memory().orElseThrow().slab() * 7 / 10, dump.memory().orElseThrow().slab());
  }

  @ParameterizedTest
  @ValueSource(strings = {"debian-6.1-slab_nomerge", "debian-6.1-slub_debug"})
  void each_capture_of_caches_alone(String capture) throws Exception {
    assertThat(Dumps.read(capture(capture + "/slabinfo.txt")).caches())
        .hasSameSizeAs(Captures.lines(capture + "/slabinfo.txt").stream().skip(2).toList());
  }

  @Test
  void carriage_returns_of_a_foreign_system_do_not_matter() throws Exception {
    assertThat(Dumps.read(SLABINFO.replace("\n", "\r\n")).caches()).hasSize(2);
  }

  // What is refused

  private static void refused(String text, String message) {
    assertThatThrownBy(() -> Dumps.read(text))
        .isInstanceOf(DumpException.class)
        .hasMessage(message);
  }

  @Test
  void a_row_of_slabinfo_that_is_cut_off() {
    refused(
        SLABINFO.replace(" : slabdata    148    148      0", ""),
        "a file, line 3: no row of slabinfo:"
            + " \"dentry              3100   3108    192   21    1 : tunables    0    0    0\"");
  }

  @Test
  void a_line_between_the_rows_of_slabinfo() {
    refused(
        SLABINFO.replace("\nfilp", "\nsomething else\nfilp"),
        "a file, line 4: no row of slabinfo: \"something else\"");
  }

  @Test
  void more_objects_in_use_than_there_is_room_for() {
    refused(
        SLABINFO.replace("3100   3108", "3109   3108"),
        "a file, line 3: more objects of dentry in use than there is room for: \"dentry    "
            + "          3109   3108    192   21    1 : tunables    0    0    0 : sla...\"");
  }

  @Test
  void a_row_that_stands_twice() {
    String row = "xfs_inode 10 20 1024 16 4 : tunables 0 0 0 : slabdata 2 2 0";
    refused(row + "\n" + row + "\n", "a file, line 2: a row that stands twice: \"" + row + "\"");
  }

  @Test
  void slabinfo_of_another_age() {
    refused(
        "slabinfo - version: 1.1\n",
        "a file, line 1: slabinfo of version 1.1 is not known here: \"slabinfo - version: 1.1\"");
  }

  @Test
  void meminfo_that_does_not_add_up() {
    refused(
        MEMINFO.replace("7240", "72400"),
        "a file: Slab of meminfo is not SReclaimable and SUnreclaim together");
  }

  @Test
  void slabtop_of_two_moments() {
    String once =
        """
          OBJS ACTIVE  USE OBJ SIZE  SLABS OBJ/SLAB CACHE SIZE NAME
          5020   5000  99%    0.81K    265       19      4240K sock_inode_cache

        """;
    refused(
        once + once,
        "a file, line 4: slabtop of a second moment; give each a file of its own:"
            + " \"OBJS ACTIVE  USE OBJ SIZE  SLABS OBJ/SLAB CACHE SIZE NAME\"");
  }

  @Test
  void meminfo_that_is_there_in_part() throws Exception {
    Dump dump = Dumps.read("Slab: 16996 kB\nSReclaimable: 9756 kB\n\n" + SLABINFO);

    assertThat(dump.memory()).isEmpty();
    assertThat(dump.notes()).containsExactly("meminfo is there in part only, and was left out");
  }

  /** Of kernels before 5.9. */
  @Test
  void caches_of_control_groups_belong_to_those_that_they_are_named_after() throws Exception {
    Dump dump =
        Dumps.read(
            NAMES_LAST
                + "ffff88013a800000      192         30        42      2     4k  dentry\n"
                + "ffff88013a800100      192         12        21      1     4k"
                + "  dentry(88:session-1.scope)\n");

    assertThat(dump.cache("dentry").orElseThrow().objects()).hasValue(42);
    assertThat(dump.notes()).hasSize(1);
  }

  @Test
  void slabtop_of_a_foreign_system() throws Exception {
    Dump dump =
        Dumps.read(
            """
              OBJS ACTIVE  USE OBJ SIZE  SLABS OBJ/SLAB CACHE SIZE NAME
              5020   5000  99%    0.81K    265       19      4240K sock_inode_cache
            """
                .replace("\n", "\r\n"));

    assertThat(dump.caches()).hasSize(1);
  }

  @Test
  void meminfo_that_is_cut_off() {
    refused(
        "MemTotal:         737308 kB\nMemFree:          602596 kB\n",
        "a file: meminfo is cut off: MemTotal, MemFree or Slab is missing");
  }

  @Test
  void a_row_of_crash_that_is_cut_off() {
    refused(
        NAMES_LAST + "ffff88013a800000      640    3000000   3000000  12\n",
        "a file, line 2: no row of kmem -s:"
            + " \"ffff88013a800000      640    3000000   3000000  12\"");
  }

  @Test
  void objects_that_do_not_fit_into_their_slabs() {
    refused(
        NAMES_LAST
            + "ffff88013a800000      640    3000000   3000000  12000    16k  sock_inode_cache\n",
        "a file, line 2: the objects of sock_inode_cache do not fit into its slabs:"
            + " \"ffff88013a800000      640    3000000   3000000  12000    16k  sock_inode_cache\"");
  }

  @Test
  void a_cache_that_is_listed_twice() {
    String row = "ffff88013a800000      640         30        30      2    16k  sock_inode_cache\n";
    refused(
        NAMES_LAST + row + row,
        "a file, line 3: the cache at ffff88013a800000 is listed twice: \"" + row.strip() + "\"");
  }

  @Test
  void a_row_without_the_header_that_says_where_names_stand() {
    refused(
        "ffff88013a800000      640         30        30      2    16k  sock_inode_cache\n",
        "a file, line 1: a row of kmem -s without its header:"
            + " \"ffff88013a800000      640         30        30      2    16k  sock_inode_cache\"");
  }

  @Test
  void a_row_after_the_end_of_the_rows() {
    refused(
        NAMES_LAST
            + "crash> log\n"
            + "ffff88013a800000      640         30        30      2    16k  sock_inode_cache\n",
        "a file, line 3: a row of kmem -s after its end:"
            + " \"ffff88013a800000      640         30        30      2    16k  sock_inode_cache\"");
  }

  @Test
  void pages_and_total_of_kmem_i_that_do_not_agree() {
    refused(
        KMEM_I.replace("3731", "3732").replace("14.6", "41.6"),
        "a file, line 4: pages and total of SLAB do not agree:"
            + " \"SLAB     3732      41.6 MB    4% of TOTAL MEM\"");
  }

  @Test
  void kmem_i_that_is_cut_off() {
    refused(
        KMEM_I.substring(0, KMEM_I.indexOf("         SLAB")),
        "a file: kmem -i is cut off: TOTAL MEM, FREE or SLAB is missing");
  }

  @Test
  void a_row_of_slabtop_that_is_none() {
    refused(
        "  OBJS ACTIVE  USE OBJ SIZE  SLABS OBJ/SLAB CACHE SIZE NAME\n  5020   5000  99%\n",
        "a file, line 2: no row of slabtop: \"5020   5000  99%\"");
  }

  @Test
  void numbers_that_no_machine_has() {
    refused(
        "x 1 99999999999999999 8 1 1 : tunables 0 0 0 : slabdata 2 2 0\n",
        "a file, line 1: no machine has 99999999999999999:"
            + " \"x 1 99999999999999999 8 1 1 : tunables 0 0 0 : slabdata 2 2 0\"");
  }

  @Test
  void a_text_of_something_else() {
    assertThatThrownBy(() -> Dumps.read("Dear team,\nthe server died again.\n"))
        .isInstanceOf(DumpException.class)
        .hasMessageStartingWith("a file holds nothing that is known here: it should be crash's");
  }

  /** Half a number is a number, too. */
  @Test
  void the_last_line_that_is_not_ended_is_left_out_and_told() throws Exception {
    Dump dump = Dumps.read(SLABINFO.strip());

    assertThat(dump.caches()).extracting(CacheUse::name).containsExactly("dentry");
    assertThat(dump.notes())
        .isEqualTo(List.of("the last line of a file is not ended, and was left out"));
  }

  @Test
  void what_a_terminal_would_obey_is_not_shown() {
    refused(
        "\u001b[2Jx : tunables \u0007\n",
        "a file, line 1: no row of slabinfo: \"?[2Jx : tunables ?\"");
  }
}
