package io.github.noslableak.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** On a file of a few types, in this machine's order of bytes. */
class BtfTests {

  private final ByteArrayOutputStream types = new ByteArrayOutputStream();
  private final ByteArrayOutputStream strings = new ByteArrayOutputStream();

  BtfTests() {
    strings.write(0); // What has no name.
  }

  private int name(String text) {
    int at = strings.size();
    strings.writeBytes((text + "\0").getBytes(StandardCharsets.UTF_8));
    return text.isEmpty() ? 0 : at;
  }

  private void words(int... words) {
    ByteBuffer buffer = ByteBuffer.allocate(4 * words.length).order(ByteOrder.nativeOrder());
    Arrays.stream(words).forEach(buffer::putInt);
    types.writeBytes(buffer.array());
  }

  private void type(int kind, String name, int count, int size) {
    words(name(name), kind << 24 | count, size);
  }

  private void member(String name, int type, int bits) {
    words(name(name), type, bits);
  }

  private byte[] file() {
    ByteBuffer file =
        ByteBuffer.allocate(24 + types.size() + strings.size()).order(ByteOrder.nativeOrder());
    file.putShort((short) 0xeb9f).put((byte) 1).put((byte) 0).putInt(24);
    file.putInt(0).putInt(types.size()).putInt(types.size()).putInt(strings.size());
    return file.put(types.toByteArray()).put(strings.toByteArray()).array();
  }

  /** struct outer { int a; union { struct inner b; struct { long deep; }; }; } */
  private Btf outer() {
    type(1, "int", 0, 4); // 1
    words(0); // An integer has one word more.
    type(4, "inner", 2, 8); // 2
    member("first", 1, 0);
    member("second", 1, 32);
    type(8, "inner_t", 0, 2); // 3, another name of it
    type(4, "", 1, 8); // 4
    member("deep", 1, 32);
    type(5, "", 2, 8); // 5
    member("b", 3, 0);
    member("", 4, 0);
    type(4, "outer", 2, 16); // 6
    member("a", 1, 0);
    member("", 5, 64);
    return Btf.parse(file());
  }

  @Test
  void a_member_lies_where_its_structure_says() {
    Btf btf = outer();

    assertThat(btf.size("outer")).hasValue(16);
    assertThat(btf.offset("outer", "a")).hasValue(0);
    assertThat(btf.offset("inner", "second")).hasValue(4);
  }

  @Test
  void a_member_of_a_member_and_of_nameless_ones() {
    Btf btf = outer();

    assertThat(btf.offset("outer", "b")).hasValue(8);
    assertThat(btf.offset("outer", "b.second")).hasValue(12);
    assertThat(btf.offset("outer", "deep")).hasValue(12);
  }

  @Test
  void what_is_not_there_is_not_found() {
    Btf btf = outer();

    assertThat(btf.offset("outer", "c")).isEmpty();
    assertThat(btf.offset("outer", "a.b")).isEmpty();
    assertThat(btf.offset("nothing", "a")).isEmpty();
    assertThat(btf.size("nothing")).isEmpty();
  }

  /** struct holder { int number; list; union { int raw; thing *it; node in; }; thing *all[2]; } */
  private Btf holder() {
    type(1, "int", 0, 4); // 1
    words(0);
    type(2, "", 0, 1); // 2, a pointer
    type(4, "list_head", 2, 16); // 3
    member("next", 2, 0);
    member("prev", 2, 64);
    type(4, "hlist_node", 1, 8); // 4
    member("next", 2, 0);
    type(5, "", 3, 8); // 5
    member("raw", 1, 0);
    member("it", 2, 0);
    member("in", 4, 0);
    words(0, 3 << 24, 0, 2, 1, 2); // 6, an array of two pointers
    type(5, "", 2, 8); // 7
    member("tag", 1, 0);
    member("owner", 2, 0);
    type(4, "holder", 5, 56); // 8
    member("number", 1, 0);
    member("list", 3, 64);
    member("", 5, 192);
    member("all", 6, 256);
    member("", 7, 384);
    return Btf.parse(file());
  }

  @Test
  void what_lies_at_an_offset_is_named_and_told_to_be_a_pointer_or_a_place_in_a_list() {
    Btf btf = holder();

    assertThat(btf.member("holder", 0)).hasValue(new Btf.Member("number", Btf.Sort.OTHER));
    assertThat(btf.member("holder", 8)).hasValue(new Btf.Member("list", Btf.Sort.LINK));
    assertThat(btf.member("holder", 16)).hasValue(new Btf.Member("list", Btf.Sort.LINK));
    assertThat(btf.member("holder", 24)).hasValue(new Btf.Member("in", Btf.Sort.LINK));
    assertThat(btf.member("holder", 40)).hasValue(new Btf.Member("all", Btf.Sort.POINTER));
    assertThat(btf.member("holder", 48)).hasValue(new Btf.Member("owner", Btf.Sort.POINTER));
    assertThat(btf.member("holder", 56)).isEmpty();
    assertThat(btf.member("nothing", 0)).isEmpty();
  }

  @Test
  void a_bit_field_has_no_place_in_bytes() {
    type(1, "int", 0, 4);
    words(0);
    words(name("flags"), 1 << 31 | 4 << 24 | 2, 8); // With sizes of bit fields.
    member("bit", 1, 1 << 24 | 3);
    member("whole", 1, 32);

    Btf btf = Btf.parse(file());

    assertThat(btf.offset("flags", "bit")).isEmpty();
    assertThat(btf.offset("flags", "whole")).hasValue(4);
  }

  @Test
  void each_kind_is_as_long_as_documented() {
    words(name("an int"), 1 << 24, 4, 0);
    words(0, 2 << 24, 1);
    words(0, 3 << 24, 0, 1, 1, 8);
    words(name("an enum"), 6 << 24 | 2, 4, 0, 0, 0, 1);
    words(name("forward"), 7 << 24, 0);
    words(0, 13 << 24 | 1, 1, 0, 1);
    words(name("function"), 12 << 24, 6);
    words(name("variable"), 14 << 24, 1, 0);
    words(name("section"), 15 << 24 | 1, 4, 8, 0, 4);
    words(name("float"), 16 << 24, 4);
    words(name("tag"), 17 << 24, 1, 0);
    words(0, 18 << 24, 1);
    words(name("an enum of 64 bits"), 19 << 24 | 1, 8, 0, 0, 0);
    type(4, "last", 1, 8);
    member("found", 1, 32);

    assertThat(Btf.parse(file()).offset("last", "found")).hasValue(4);
  }

  @Test
  void another_file_is_refused() {
    assertThatThrownBy(() -> Btf.parse(new byte[4]))
        .isInstanceOf(MalformedKernelDataException.class);
    assertThatThrownBy(() -> Btf.parse(new byte[100]))
        .isInstanceOf(MalformedKernelDataException.class);
    byte[] cut = Arrays.copyOf(outerFile(), 60);
    assertThatThrownBy(() -> Btf.parse(cut)).isInstanceOf(MalformedKernelDataException.class);
  }

  private byte[] outerFile() {
    Btf ignored = outer();
    return file();
  }
}
