package io.github.noslableak.slab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.noslableak.kernel.Captures;
import io.github.noslableak.kernel.MalformedKernelDataException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SlabInfoTests {

  private static final String HEADER =
      """
      slabinfo - version: 2.1
      # name            <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab> : tunables <limit> <batchcount> <sharedfactor> : slabdata <active_slabs> <num_slabs> <sharedavail>
      """;

  private static final String DENTRY =
      "dentry              3108   3108    192   21    1 : tunables    0    0    0"
          + " : slabdata    148    148      0\n";

  private static SlabInfo parse(String text) {
    return parse(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static SlabInfo parse(byte[] text) {
    return SlabInfo.parse(ByteBuffer.wrap(text));
  }

  private static SlabInfo.Row row(SlabInfo info, String name) {
    return info.rows().stream().filter(row -> row.name().equals(name)).findFirst().orElseThrow();
  }

  // Real files

  static Stream<String> captures() {
    return Stream.of(
        "vm-6.18",
        "debian-6.1",
        "debian-6.1-slab_nomerge",
        "debian-6.1-slub_debug",
        "case-study/0-nomodule",
        "case-study/1-healthy",
        "case-study/2-leaky-every1",
        "case-study/3-leaky-every10");
  }

  @ParameterizedTest
  @MethodSource("captures")
  void every_line_below_the_header_is_a_row(String kernel) {
    SlabInfo info = Captures.slabInfo(kernel);

    assertThat(info.rows()).hasSize(Captures.lines(kernel + "/slabinfo.txt").size() - 2);
  }

  @ParameterizedTest
  @MethodSource("captures")
  void every_row_says_what_its_line_says(String kernel) {
    List<SlabInfo.Row> expected =
        Captures.lines(kernel + "/slabinfo.txt").stream()
            .skip(2)
            .map(line -> line.split(" +"))
            .map(
                column ->
                    new SlabInfo.Row(
                        column[0],
                        Long.parseLong(column[1]),
                        Long.parseLong(column[2]),
                        Long.parseLong(column[3]),
                        Long.parseLong(column[8])))
            .toList();

    assertThat(Captures.slabInfo(kernel).rows()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "vm-6.18, dentry, 2755, 2772, 192",
    "vm-6.18, sock_inode_cache, 95, 95, 832",
    "vm-6.18, filp, 544, 630, 192",
    "vm-6.18, mnt_cache, 45, 84, 384",
    "vm-6.18, kmem_cache, 235, 240, 256",
    "debian-6.1, bio-128, 21, 21, 192",
    "debian-6.1, dentry, 11353, 11403, 192",
    "debian-6.1-slab_nomerge, filp, 213, 288, 256",
    "debian-6.1-slub_debug, sock_inode_cache, 20, 36, 896",
    "debian-6.1-slub_debug, dentry, 11163, 11216, 256"
  })
  void figures_are_those_of_the_file(
      String kernel, String cache, long active, long total, long slotBytes) {
    assertThat(row(Captures.slabInfo(kernel), cache))
        .isEqualTo(new SlabInfo.Row(cache, active, total, slotBytes, 0));
  }

  @Test
  void the_case_study_leaks_sockets_and_their_names_in_equal_measure() {
    SlabInfo healthy = Captures.slabInfo("case-study/1-healthy");
    SlabInfo leaky = Captures.slabInfo("case-study/2-leaky-every1");

    long sockets = active(leaky, "sock_inode_cache") - active(healthy, "sock_inode_cache");
    long names = active(leaky, "dentry") - active(healthy, "dentry");

    assertThat(sockets).isEqualTo(15_020 - 20);
    assertThat(names).isEqualTo(31_143 - 11_256);
    assertThat(active(leaky, "mnt_cache")).isEqualTo(active(healthy, "mnt_cache"));
    assertThat(active(leaky, "filp")).isEqualTo(active(healthy, "filp"));
  }

  @Test
  void the_healthy_module_leaks_no_socket() {
    SlabInfo without = Captures.slabInfo("case-study/0-nomodule");
    SlabInfo healthy = Captures.slabInfo("case-study/1-healthy");

    assertThat(active(healthy, "sock_inode_cache")).isEqualTo(active(without, "sock_inode_cache"));
  }

  @Test
  void every_tenth_close_leaks_a_tenth() {
    SlabInfo before = Captures.slabInfo("case-study/2-leaky-every1");
    SlabInfo after = Captures.slabInfo("case-study/3-leaky-every10");

    assertThat(active(after, "sock_inode_cache") - active(before, "sock_inode_cache"))
        .isEqualTo(1_500);
    assertThat(active(after, "dentry") - active(before, "dentry")).isCloseTo(2_021, within(100L));
  }

  private static long active(SlabInfo info, String cache) {
    return row(info, cache).activeObjects();
  }

  // Cut files

  static Stream<Arguments> cutsInTheLastThreeLines() {
    return captures()
        .filter(kernel -> !kernel.startsWith("case-study"))
        .flatMap(
            kernel -> {
              byte[] file = Captures.bytes(kernel + "/slabinfo.txt");
              return IntStream.range(startOfLastLines(file, 3), file.length)
                  .mapToObj(length -> Arguments.of(kernel, length));
            });
  }

  @ParameterizedTest(name = "{0} cut to {1} bytes")
  @MethodSource("cutsInTheLastThreeLines")
  void a_cut_inside_a_line_is_refused_and_one_between_lines_is_not_seen(String kernel, int length) {
    byte[] cut = Arrays.copyOf(Captures.bytes(kernel + "/slabinfo.txt"), length);

    if (cut[length - 1] == '\n') {
      long lines = new String(cut, StandardCharsets.UTF_8).lines().count();
      assertThat(parse(cut).rows()).hasSize((int) lines - 2);
    } else {
      assertThatThrownBy(() -> parse(cut))
          .isExactlyInstanceOf(MalformedKernelDataException.class)
          .hasMessageContaining("slabinfo");
    }
  }

  static IntStream cutsInTheHeader() {
    return IntStream.rangeClosed(0, HEADER.length());
  }

  @ParameterizedTest(name = "cut to {0} bytes")
  @MethodSource("cutsInTheHeader")
  void a_cut_in_the_header_or_right_below_it_is_refused(int length) {
    byte[] cut = Arrays.copyOf(Captures.bytes("vm-6.18/slabinfo.txt"), length);

    assertThatThrownBy(() -> parse(cut)).isExactlyInstanceOf(MalformedKernelDataException.class);
  }

  private static int startOfLastLines(byte[] file, int count) {
    int at = file.length - 1;
    for (int found = 0; found < count; at--) {
      if (file[at - 1] == '\n') {
        found++;
      }
    }
    return at + 1;
  }

  // The form of a line

  @Test
  void the_smallest_file_is_one_row() {
    assertThat(parse(HEADER + DENTRY).rows())
        .containsExactly(new SlabInfo.Row("dentry", 3108, 3108, 192, 0));
  }

  @Test
  void a_file_is_read_from_the_buffers_position() {
    ByteBuffer buffer =
        ByteBuffer.wrap(("??" + HEADER + DENTRY).getBytes(StandardCharsets.US_ASCII)).position(2);

    assertThat(SlabInfo.parse(buffer).rows()).hasSize(1);
    assertThat(buffer.position()).as("the caller's position stays").isEqualTo(2);
  }

  @Test
  void tunables_of_the_slab_allocator_are_read() {
    String slab =
        "dentry              3108   3108    192   21    1 : tunables  120   60    8"
            + " : slabdata    148    148      0\n";

    assertThat(parse(HEADER + slab).rows().get(0).tunableLimit()).isEqualTo(120);
  }

  @ParameterizedTest
  @ValueSource(strings = {"slabinfo - version: 2.0", "slabinfo - version: 2.1 (statistics)"})
  void versions_two_are_read(String version) {
    String header = HEADER.replace("slabinfo - version: 2.1", version);

    assertThat(parse(header + DENTRY).rows()).hasSize(1);
  }

  @Test
  void another_version_is_refused() {
    assertThatThrownBy(() -> parse(HEADER.replace("2.1", "3.0") + DENTRY))
        .isExactlyInstanceOf(MalformedKernelDataException.class)
        .hasMessage(
            "slabinfo should start with \"slabinfo - version: 2.x\", but starts with"
                + " \"slabinfo - version: 3.0\"");
  }

  @Test
  void a_file_without_header_is_refused() {
    assertThatThrownBy(() -> parse(DENTRY + DENTRY))
        .isExactlyInstanceOf(MalformedKernelDataException.class)
        .hasMessageStartingWith("slabinfo should start with");
  }

  @Test
  void a_file_without_column_header_is_refused() {
    assertThatThrownBy(() -> parse("slabinfo - version: 2.1\n" + DENTRY))
        .isExactlyInstanceOf(MalformedKernelDataException.class)
        .hasMessageStartingWith("slabinfo has no column header: \"dentry ");
  }

  @Test
  void an_empty_file_is_refused() {
    assertThatThrownBy(() -> parse(""))
        .isExactlyInstanceOf(MalformedKernelDataException.class)
        .hasMessage("slabinfo's header is cut off: \"\"");
  }

  @Test
  void a_file_that_lists_nothing_is_refused() {
    assertThatThrownBy(() -> parse(HEADER))
        .isExactlyInstanceOf(MalformedKernelDataException.class)
        .hasMessage("slabinfo lists no cache");
  }

  @Test
  void caches_of_one_name_are_both_kept_and_summed() {
    SlabInfo info = parse(HEADER + DENTRY + DENTRY);
    assertThat(info.rows()).hasSize(2);
    assertThat(info.activeObjects())
        .containsExactly(Map.entry("dentry", 2 * info.rows().get(0).activeObjects()));
  }

  @Test
  void an_empty_line_and_a_line_without_name_are_refused() {
    assertThatThrownBy(() -> parse(HEADER + "\n" + DENTRY))
        .isExactlyInstanceOf(MalformedKernelDataException.class);
    assertThatThrownBy(() -> parse(HEADER + " " + DENTRY))
        .isExactlyInstanceOf(MalformedKernelDataException.class)
        .hasMessage("slabinfo has a line without a name");
  }

  @Test
  void the_error_of_a_huge_number_names_cache_and_column() {
    String line = DENTRY.replace("3108   3108 ", "3108 9223372036854775808 ");

    assertThatThrownBy(() -> parse(HEADER + line))
        .hasMessageStartingWith("slabinfo's num_objs of dentry exceeds 63 bits:")
        .hasMessageContaining("9223372036854775808");
  }

  @Test
  void the_greatest_count_of_63_bits_is_read() {
    String line = DENTRY.replace("3108   3108 ", "3108 9223372036854775807 ");

    assertThat(parse(HEADER + line).rows().get(0).totalObjects()).isEqualTo(Long.MAX_VALUE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"18446744073709551595", "18446744073709551615", "9223372036854775808"})
  void active_objects_that_wrapped_below_zero_are_none(String wrapped) {
    // 18446744073709551595 is 2^64 - 21: slots and free slots summed at different moments.
    String line = DENTRY.replaceFirst("3108 ", wrapped + " ");

    assertThat(parse(HEADER + line).rows())
        .containsExactly(new SlabInfo.Row("dentry", 0, 3108, 192, 0));
  }

  @Test
  void names_that_are_not_utf8_stay_distinct() {
    String one = DENTRY.replace("dentry", "cache\u00fe");
    String other = DENTRY.replace("dentry", "cache\u00ff");

    assertThat(parse(HEADER + one + other).rows())
        .extracting(SlabInfo.Row::name)
        .containsExactly("cache\u00fe", "cache\u00ff");
  }

  @Test
  void a_name_may_hold_anything_but_a_blank() {
    String line = DENTRY.replace("dentry", "dentry(123:system.slice/foo)#");

    assertThat(parse(HEADER + line).rows().get(0).name())
        .isEqualTo("dentry(123:system.slice/foo)#");
  }

  @Test
  void errors_show_nothing_unprintable() {
    String line = DENTRY.replaceFirst("3108 ", "\u0007\u001b[31m ");

    assertThatThrownBy(() -> parse(HEADER + line)).hasMessageContaining("is \"??[31m ");
  }

  // Garbage

  static Stream<Arguments> mutations() {
    Map<String, Function<Random, byte[]>> kinds =
        Map.of(
            "flipped bytes", SlabInfoTests::flip,
            "a piece missing", SlabInfoTests::cutOut,
            "a piece doubled", SlabInfoTests::doubled,
            "nothing but noise", SlabInfoTests::noise);
    return kinds.entrySet().stream().map(kind -> Arguments.of(kind.getKey(), kind.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mutations")
  void garbage_is_parsed_or_refused_and_nothing_else(String kind, Function<Random, byte[]> mutate) {
    Random random = new Random(20_261_124);
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () -> {
          int refused = 0;
          for (int i = 0; i < 1_000; i++) {
            byte[] file = mutate.apply(random);
            refused += isRefused(kind + " " + i, file) ? 1 : 0;
          }
          assertThat(refused).as("refused of 1,000").isPositive();
        });
  }

  private static boolean isRefused(String mutation, byte[] file) {
    boolean[] refused = {false};
    assertThatCode(
            () -> {
              try {
                SlabInfo info = parse(file);
                assertThat(info.rows())
                    .isNotEmpty()
                    .allSatisfy(
                        row -> {
                          assertThat(row.activeObjects()).isNotNegative();
                          assertThat(row.totalObjects()).isNotNegative();
                          assertThat(row.slotBytes()).isNotNegative();
                        });
              } catch (MalformedKernelDataException e) {
                assertThat(e).hasMessageMatching("[\\x20-\\x7e]+");
                refused[0] = true;
              }
            })
        .as(mutation)
        .doesNotThrowAnyException();
    return refused[0];
  }

  /** A short real file: the first lines suffice, and short files make mutations hit. */
  private static byte[] original() {
    return Arrays.copyOf(Captures.bytes("debian-6.1/slabinfo.txt"), 1_500);
  }

  private static byte[] flip(Random random) {
    byte[] file = wholeLines();
    for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
      file[random.nextInt(file.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return file;
  }

  private static byte[] cutOut(Random random) {
    byte[] file = wholeLines();
    int from = random.nextInt(file.length);
    int to = from + random.nextInt(file.length - from);
    return concat(Arrays.copyOf(file, from), Arrays.copyOfRange(file, to, file.length));
  }

  private static byte[] doubled(Random random) {
    byte[] file = wholeLines();
    int from = random.nextInt(file.length);
    int to = from + random.nextInt(file.length - from);
    return concat(Arrays.copyOf(file, to), Arrays.copyOfRange(file, from, file.length));
  }

  private static byte[] noise(Random random) {
    byte[] noise = new byte[random.nextInt(500)];
    random.nextBytes(noise);
    return noise;
  }

  private static byte[] wholeLines() {
    byte[] file = original();
    int end = file.length;
    while (file[end - 1] != '\n') {
      end--;
    }
    return Arrays.copyOf(file, end);
  }

  private static byte[] concat(byte[] a, byte[] b) {
    byte[] whole = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, whole, a.length, b.length);
    return whole;
  }
}
