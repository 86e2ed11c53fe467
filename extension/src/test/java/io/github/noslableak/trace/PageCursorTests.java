package io.github.noslableak.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.noslableak.kernel.MalformedKernelDataException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PageCursorTests {

  private static ByteBuffer data(int length, int fill) {
    ByteBuffer data = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    data.putInt(0, fill);
    return data;
  }

  /** Each record as "time:first word:length". */
  private static List<String> read(Pages pages, ByteOrder order) {
    PageCursor cursor = new PageCursor(Formats.LAYOUT, order);
    List<String> records = new ArrayList<>();
    for (ByteBuffer page : pages.all()) {
      cursor.page().clear().put(page.duplicate()).flip();
      cursor.start();
      while (cursor.advance()) {
        records.add(
            cursor.time() + ":" + cursor.page().getInt(cursor.record()) + ":" + cursor.length());
      }
    }
    return records;
  }

  private static List<String> read(Pages pages) {
    return read(pages, ByteOrder.LITTLE_ENDIAN);
  }

  @Test
  void times_add_up_from_the_start_of_the_page() {
    assertThat(
            read(
                Pages.from(1_000)
                    .at(1_000, data(8, 1))
                    .at(1_500, data(112, 2))
                    .newPage()
                    .at(1_501, data(8, 3))))
        .containsExactly("1000:1:8", "1500:2:112", "1501:3:8");
  }

  @Test
  void a_long_record_has_its_length_in_a_word_of_its_own() {
    assertThat(read(Pages.from(5).at(6, data(116, 7)).at(7, data(2000, 8))))
        .containsExactly("6:7:116", "7:8:2000");
  }

  @Test
  void a_time_extend_adds_what_27_bits_do_not_hold() {
    long later = 1_000 + (1L << 27);
    long muchLater = later + (1L << 58);
    assertThat(read(Pages.from(1_000).at(later, data(8, 1)).at(muchLater, data(8, 2))))
        .containsExactly(later + ":1:8", muchLater + ":2:8");
  }

  @Test
  void an_absolute_time_is_completed_by_the_time_before() {
    long high = (0x8L << 56) + 1_000;
    assertThat(read(Pages.from(high).stamp(high + 77).at(high + 78, data(8, 1))))
        .containsExactly(high + 78 + ":1:8");
    assertThat(read(Pages.from(10).stamp(1L << 58).at((1L << 58) + 1, data(8, 1))))
        .containsExactly((1L << 58) + 1 + ":1:8");
  }

  @Test
  void an_absolute_time_may_have_passed_into_the_bits_above() {
    long before = (0x8L << 56) + (1L << 59) - 5;
    assertThat(read(Pages.from(before).stamp(before + 10).at(before + 11, data(8, 1))))
        .containsExactly(before + 11 + ":1:8");
  }

  @Test
  void what_was_thrown_away_is_passed_over_and_its_time_counts() {
    assertThat(
            read(
                Pages.from(100)
                    .discarded(40, 7)
                    .discarded(8, 1) // 1 stands for no time.
                    .at(110, data(8, 1))
                    .padToEnd()
                    .at(111, data(8, 2))))
        .containsExactly("110:1:8", "111:2:8");
  }

  @Test
  void the_other_byte_order_has_the_type_in_the_upper_bits() {
    ByteBuffer data = ByteBuffer.allocate(8);
    data.putInt(0, 42);
    assertThat(
            read(
                new Pages(ByteOrder.BIG_ENDIAN, 9).at(10, data).at(10 + (1L << 40), data),
                ByteOrder.BIG_ENDIAN))
        .containsExactly("10:42:8", 10 + (1L << 40) + ":42:8");
  }

  @Test
  void a_page_says_that_events_before_it_were_lost() {
    PageCursor cursor = new PageCursor(Formats.LAYOUT, ByteOrder.LITTLE_ENDIAN);
    for (boolean missed : new boolean[] {true, false}) {
      Pages pages = Pages.from(1).at(2, data(8, 1));
      ByteBuffer page = (missed ? pages.missed() : pages).all().get(0);
      cursor.page().clear().put(page.duplicate()).flip();
      cursor.start();
      assertThat(cursor.missed()).isEqualTo(missed);
      assertThat(cursor.advance()).isTrue();
      assertThat(cursor.advance()).isFalse();
    }
  }

  @Test
  void lengths_beyond_the_page_are_refused() {
    for (int length : new int[] {5000, Integer.MAX_VALUE, -1, -4, Integer.MIN_VALUE, 0}) {
      assertThatThrownBy(() -> read(Pages.from(1).raw(0, length)))
          .as("length %d", length)
          .isInstanceOf(MalformedKernelDataException.class)
          .hasMessageStartingWith("a trace record of ");
    }
  }

  @Test
  void a_head_without_its_word_is_refused() {
    assertThatThrownBy(() -> read(Pages.from(1).raw(PageLayout.TIME_EXTEND)))
        .isInstanceOf(MalformedKernelDataException.class)
        .hasMessage("a trace page ends within the head of a record");
  }

  @Test
  void a_page_that_is_shorter_than_it_says_is_refused() {
    ByteBuffer page = Pages.from(1).at(2, data(100, 1)).all().get(0);
    PageCursor cursor = new PageCursor(Formats.LAYOUT, ByteOrder.LITTLE_ENDIAN);
    cursor.page().clear().put(page.duplicate().limit(60)).flip();
    assertThatThrownBy(cursor::start)
        .isInstanceOf(MalformedKernelDataException.class)
        .hasMessage("a trace page uses 104 of 44 bytes");
    cursor.page().clear().put(page.duplicate().limit(15)).flip();
    assertThatThrownBy(cursor::start)
        .isInstanceOf(MalformedKernelDataException.class)
        .hasMessage("a trace page has only 15 bytes");
  }
}
