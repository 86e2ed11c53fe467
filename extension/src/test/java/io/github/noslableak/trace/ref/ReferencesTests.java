package io.github.noslableak.trace.ref;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.noslableak.kernel.MalformedKernelDataException;
import io.github.noslableak.trace.EventFormat;
import io.github.noslableak.trace.Formats;
import io.github.noslableak.trace.Frame;
import io.github.noslableak.trace.KernelSymbols;
import io.github.noslableak.trace.Pages;
import io.github.noslableak.trace.ref.ReferenceBalance.Call;
import io.github.noslableak.trace.ref.ReferenceBalance.Culprit;
import io.github.noslableak.trace.ref.ReferenceBalance.GivenNull;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReferencesTests {

  private static final long DENTRY = 0xff17873701de0600L;
  private static final long MOUNT = 0xff178737264a97a0L;

  /** The return addresses of calls in functions of the kernel and of modules. */
  private static final Map<Long, Frame> FRAMES =
      Map.of(
          0x10L, in("leaky_pre_close", "leaky"),
          0x11L, in("leaky_pre_close", "leaky"),
          0x20L, in("leaky_post_close", "leaky"),
          0x30L, in("leaky_note_volume", "leaky"),
          0x40L, in("leaky_error", "leaky"),
          0x50L, in("scan_open", "scanner"),
          0x60L, new Frame("do_dentry_open", Optional.empty()));

  private static final long PRE_CLOSE = 0x10;
  private static final long POST_CLOSE = 0x20;
  private static final long NOTE_VOLUME = 0x30;
  private static final long ERROR = 0x40;
  private static final long SCAN_OPEN = 0x50;
  private static final long KERNEL = 0x60;

  private static Frame in(String function, String module) {
    return new Frame(function, Optional.of(module));
  }

  private static final Call PATH_GET = call("path_get", "leaky_pre_close");
  private static final Call PATH_PUT = call("path_put", "leaky_post_close");

  private static Call call(String function, String caller) {
    return new Call(function, in(caller, "leaky"));
  }

  /** Of these no reference was returned, unless something is said of it. */
  private static Culprit missing(Call taker, long taken, long unreturned, long objects) {
    return new Culprit(
        List.of(taker), false, taken, unreturned, objects, List.of(), List.of(), List.of());
  }

  private static Culprit onMounts(Culprit of) {
    return new Culprit(
        of.takers(),
        true,
        of.taken(),
        of.unreturned(),
        of.objects(),
        of.names(),
        of.returners(),
        of.givenNull());
  }

  private static Culprit returned(Culprit of, Call returner) {
    return new Culprit(
        of.takers(),
        of.onMounts(),
        of.taken(),
        of.unreturned(),
        of.objects(),
        of.names(),
        List.of(returner),
        of.givenNull());
  }

  private static Culprit nulled(Culprit of, Call call, long calls) {
    return new Culprit(
        of.takers(),
        of.onMounts(),
        of.taken(),
        of.unreturned(),
        of.objects(),
        of.names(),
        of.returners(),
        List.of(new GivenNull(call, calls)));
  }

  private static final Map<ReferenceFunction, EventFormat> FORMATS = formats();

  /** As the kernel prints the format of a probe on a function's entry or on its return. */
  private static Map<ReferenceFunction, EventFormat> formats() {
    Map<ReferenceFunction, EventFormat> formats = new EnumMap<>(ReferenceFunction.class);
    for (ReferenceFunction function : ReferenceFunction.values()) {
      StringBuilder text =
          new StringBuilder(
              """
              name: %s
              ID: %d
              format:
              \tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
              \tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;
              \tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;
              \tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;

              """
                  .formatted(function.symbol(), 1700 + formats.size()));
      boolean returns = function.callerField().equals("__probe_ret_ip");
      List<String> fields =
          returns
              ? List.of("__probe_func", "__probe_ret_ip", "object")
              : function.objectFields().size() == 2
                  ? List.of("__probe_ip", "mount", "dentry", "caller")
                  : List.of("__probe_ip", "object", "caller");
      int offset = 8;
      for (String field : fields) {
        String type = field.startsWith("__") ? "unsigned long" : "u64";
        text.append(
            "\tfield:%s %s;\toffset:%d;\tsize:8;\tsigned:0;\n".formatted(type, field, offset));
        offset += 8;
      }
      if (function == ReferenceFunction.PATH_GET || function == ReferenceFunction.DGET_PARENT) {
        text.append(
            "\tfield:__data_loc char[] name;\toffset:%d;\tsize:4;\tsigned:1;\n".formatted(offset));
      }
      formats.put(function, EventFormat.parse(text.toString()));
    }
    return formats;
  }

  private final References books = new References(FORMATS);

  private ByteBuffer event(ReferenceFunction function, long caller, long... objects) {
    EventFormat format = FORMATS.get(function);
    if (format == null) {
      throw new IllegalArgumentException("no format of " + function);
    }
    Pages.Data data = new Pages.Data(format, 100, 0).with(function.callerField(), caller);
    for (int i = 0; i < objects.length; i++) {
      data.with(function.objectFields().get(i), objects[i]);
    }
    return data.done();
  }

  private void enter(ReferenceFunction function, long caller, long... objects) {
    ByteBuffer event = event(function, caller, objects);
    books.enter(0, 0, event, 0, event.limit());
  }

  private void getPath(long caller, long dentry, String name) {
    EventFormat format = FORMATS.get(ReferenceFunction.PATH_GET);
    if (format == null) {
      throw new IllegalStateException();
    }
    ByteBuffer event =
        new Pages.Data(format, 100, 0)
            .with("caller", caller)
            .with("dentry", dentry)
            .with("mount", MOUNT)
            .with("name", name)
            .done();
    books.enter(0, 0, event, 0, event.limit());
  }

  @Test
  void the_names_whose_references_are_missing_are_told() {
    for (int i = 0; i < 8; i++) {
      getPath(PRE_CLOSE, dentry(i), "file-" + i);
    }
    putPath(POST_CLOSE, dentry(3));

    assertThat(balance().culprits())
        .containsExactly(
            new Culprit(
                List.of(PATH_GET),
                false,
                8,
                7,
                7,
                List.of("file-0", "file-1", "file-2", "file-4", "file-5", "file-6", "file-7"),
                List.of(PATH_PUT),
                List.of()));
  }

  @Test
  void what_is_no_name_is_not_told() {
    getPath(PRE_CLOSE, dentry(1), "(fault)");
    getPath(PRE_CLOSE, dentry(2), "\u0001\u0002");
    getPath(PRE_CLOSE, dentry(3), "");
    getPath(PRE_CLOSE, dentry(4));

    assertThat(balance().culprits()).containsExactly(missing(PATH_GET, 4, 4, 4));
  }

  @Test
  void a_name_outside_of_its_event_is_none() {
    EventFormat format = FORMATS.get(ReferenceFunction.PATH_GET);
    if (format == null) {
      throw new IllegalStateException();
    }
    ByteBuffer event =
        new Pages.Data(format, 100, 0)
            .with("caller", PRE_CLOSE)
            .with("dentry", DENTRY)
            .with("mount", MOUNT)
            .with("name", (long) (200 << 16 | 40))
            .done();
    books.enter(0, 0, event, 0, event.limit());

    assertThat(balance().culprits()).containsExactly(missing(PATH_GET, 1, 1, 1));
  }

  private static long dentry(int number) {
    return DENTRY + 192L * number;
  }

  private void getPath(long caller, long dentry) {
    enter(ReferenceFunction.PATH_GET, caller, dentry, MOUNT);
  }

  private void putPath(long caller, long dentry) {
    enter(ReferenceFunction.PATH_PUT, caller, dentry, dentry == 0 ? 0 : MOUNT);
  }

  private ReferenceBalance balance(String... modules) {
    return books.balance(0, ReferencesTests::frames, List.of(modules));
  }

  private static Map<Long, Frame> frames(long[] addresses) {
    Map<Long, Frame> frames = new HashMap<>();
    Arrays.stream(addresses)
        .forEach(
            address ->
                Optional.ofNullable(FRAMES.get(address)).ifPresent(f -> frames.put(address, f)));
    return frames;
  }

  // --- the case study ----------------------------------------------------------------------------

  /**
   * {@code churn-181 [000] ..... 9.162863: path_get: (path_get+0x0/0x30) mnt=0xff178737264a97a0
   * dentry=0xff17873701de0600 caller=0xffffffffc037d11b csym=…}.
   */
  private static final Pattern CAPTURED =
      Pattern.compile(
          ".*: (path_get|path_put): .* mnt=0x([0-9a-f]+) dentry=0x([0-9a-f]+)"
              + " caller=0x([0-9a-f]+) .*");

  private ReferenceBalance play(String capture) {
    Formats.text("trace-6.1/" + capture)
        .lines()
        .map(CAPTURED::matcher)
        .filter(Matcher::matches)
        .forEach(
            call ->
                enter(
                    call.group(1).equals("path_get")
                        ? ReferenceFunction.PATH_GET
                        : ReferenceFunction.PATH_PUT,
                    Long.parseUnsignedLong(call.group(4), 16),
                    Long.parseUnsignedLong(call.group(3), 16),
                    Long.parseUnsignedLong(call.group(2), 16)));
    return books.balance(0, ReferencesTests::symbols, List.of());
  }

  private static Map<Long, Frame> symbols(long[] addresses) {
    KernelSymbols.Search search = new KernelSymbols.Search(addresses);
    search.read(
        ByteBuffer.wrap(
            Formats.text("trace-6.1/kallsyms-extract.txt").getBytes(StandardCharsets.US_ASCII)));
    return search.result();
  }

  /** The numbers of calls are even. */
  @Test
  void the_leaky_hook_of_the_case_study_is_named() {
    ReferenceBalance balance = play("path-getput-leaky.txt");

    assertThat(balance.events()).isEqualTo(406 + 406);
    assertThat(balance.lostEvents()).isZero();
    assertThat(balance.culprits())
        .containsExactly(
            nulled(
                missing(call("path_get", "leaky_pre_close.isra.0"), 406, 406, 401), PATH_PUT, 406));
  }

  @Test
  void the_correct_hook_of_the_case_study_is_not_accused() {
    ReferenceBalance balance = play("path-getput-healthy.txt");

    assertThat(balance.events()).isEqualTo(406 + 406);
    assertThat(balance.culprits()).isEmpty();
    assertThat(balance.lostEvents()).isZero();
  }

  // --- how many ----------------------------------------------------------------------------------

  @Test
  void references_of_which_none_was_returned() {
    getPath(NOTE_VOLUME, DENTRY);
    getPath(NOTE_VOLUME, DENTRY);

    assertThat(balance().culprits())
        .containsExactly(missing(call("path_get", "leaky_note_volume"), 2, 2, 1));
  }

  @Test
  void the_only_reference() {
    getPath(NOTE_VOLUME, DENTRY);

    assertThat(balance().culprits())
        .containsExactly(missing(call("path_get", "leaky_note_volume"), 1, 1, 1));
  }

  @Test
  void references_of_which_some_were_returned() {
    for (int i = 0; i < 10; i++) {
      getPath(i % 2 == 0 ? PRE_CLOSE : PRE_CLOSE + 1, dentry(i));
      if (i != 7) {
        putPath(POST_CLOSE, dentry(i));
      }
    }

    assertThat(balance().culprits())
        .containsExactly(returned(missing(PATH_GET, 10, 1, 1), PATH_PUT));
  }

  @Test
  void references_of_which_some_were_returned_and_others_nulled() {
    for (int i = 0; i < 10; i++) {
      getPath(PRE_CLOSE, dentry(i));
      putPath(POST_CLOSE, i % 5 == 0 ? 0 : dentry(i));
    }

    assertThat(balance().culprits())
        .containsExactly(nulled(returned(missing(PATH_GET, 10, 2, 2), PATH_PUT), PATH_PUT, 2));
  }

  @Test
  void some_are_nulled_and_some_forgotten() {
    for (int i = 0; i < 3; i++) {
      getPath(PRE_CLOSE, dentry(i));
    }
    putPath(POST_CLOSE, 0);

    assertThat(balance().culprits())
        .containsExactly(nulled(missing(PATH_GET, 3, 3, 3), PATH_PUT, 1));
  }

  @Test
  void nothing_is_said_of_NULL_where_nothing_is_missing() {
    getPath(PRE_CLOSE, DENTRY);
    putPath(POST_CLOSE, DENTRY);
    putPath(ERROR, 0);

    assertThat(balance().culprits()).isEmpty();
  }

  @Test
  void functions_that_are_given_NULL_more_often_than_anything_was_taken_are_not_named() {
    getPath(PRE_CLOSE, DENTRY);
    putPath(ERROR, 0);
    putPath(ERROR, 0);

    assertThat(balance().culprits()).containsExactly(missing(PATH_GET, 1, 1, 1));
  }

  // --- whose -------------------------------------------------------------------------------------

  /** As where a hook holds a path while a helper of its own takes it too. */
  @Test
  void where_several_took_one_object_all_are_named() {
    getPath(PRE_CLOSE, DENTRY);
    getPath(NOTE_VOLUME, DENTRY);
    putPath(POST_CLOSE, DENTRY);

    assertThat(balance().culprits())
        .containsExactly(
            new Culprit(
                List.of(call("path_get", "leaky_note_volume"), PATH_GET),
                false,
                2,
                1,
                1,
                List.of(),
                List.of(PATH_PUT),
                List.of()));
  }

  @Test
  void one_dentry_after_another_at_the_same_address_is_another() {
    getPath(NOTE_VOLUME, DENTRY);
    putPath(POST_CLOSE, DENTRY);
    getPath(PRE_CLOSE, DENTRY);

    assertThat(balance().culprits())
        .singleElement()
        .satisfies(
            culprit ->
                assertThat(culprit.takers())
                    .extracting(call -> call.caller().symbol())
                    .containsExactly("leaky_pre_close"));
  }

  @Test
  void modules_may_be_chosen_and_the_kernel_itself_is_never_accused() {
    getPath(KERNEL, DENTRY);
    getPath(PRE_CLOSE, DENTRY + 192);
    getPath(SCAN_OPEN, DENTRY + 384);
    getPath(0x999, DENTRY + 576); // Of a module that is gone.
    putPath(POST_CLOSE, 0);

    Culprit scanner = missing(new Call("path_get", in("scan_open", "scanner")), 1, 1, 1);
    assertThat(balance().culprits())
        .containsExactly(nulled(missing(PATH_GET, 1, 1, 1), PATH_PUT, 1), scanner);
    assertThat(balance("scanner").culprits()).containsExactly(scanner);
  }

  @Test
  void what_was_taken_elsewhere_and_is_returned_is_not_missed() {
    putPath(POST_CLOSE, DENTRY); // From kern_path().
    getPath(PRE_CLOSE, DENTRY);
    putPath(POST_CLOSE, DENTRY);

    assertThat(balance().culprits()).isEmpty();
  }

  // --- what --------------------------------------------------------------------------------------

  @Test
  void a_path_may_be_returned_in_two_halves() {
    getPath(PRE_CLOSE, DENTRY);
    enter(ReferenceFunction.DPUT, POST_CLOSE, DENTRY);
    enter(ReferenceFunction.MNTPUT, POST_CLOSE, MOUNT);

    assertThat(balance().culprits()).isEmpty();
  }

  @Test
  void a_mount_that_is_forgotten_is_told_from_a_path() {
    getPath(PRE_CLOSE, DENTRY);
    enter(ReferenceFunction.DPUT, POST_CLOSE, DENTRY);
    enter(ReferenceFunction.MNTGET, NOTE_VOLUME, MOUNT + 64);

    assertThat(balance().culprits())
        .containsExactly(
            onMounts(missing(call("mntget", "leaky_note_volume"), 1, 1, 1)),
            onMounts(missing(PATH_GET, 1, 1, 1)));
  }

  @Test
  void a_dentry_that_a_function_returned_is_its_callers() {
    enter(ReferenceFunction.DGET_PARENT, PRE_CLOSE, DENTRY);
    enter(ReferenceFunction.DGET_PARENT, PRE_CLOSE, DENTRY + 192);
    enter(ReferenceFunction.DPUT, POST_CLOSE, DENTRY);

    assertThat(balance().culprits())
        .containsExactly(
            returned(
                missing(call("dget_parent", "leaky_pre_close"), 2, 1, 1),
                call("dput", "leaky_post_close")));
  }

  @Test
  void files_are_balanced_too() {
    enter(ReferenceFunction.FGET, PRE_CLOSE, DENTRY);
    enter(ReferenceFunction.FGET, PRE_CLOSE, 0); // No such descriptor.
    enter(ReferenceFunction.FGET, PRE_CLOSE, DENTRY + 256);
    enter(ReferenceFunction.FPUT, POST_CLOSE, DENTRY);

    assertThat(balance().culprits())
        .singleElement()
        .satisfies(
            culprit -> {
              assertThat(culprit.taken()).isEqualTo(2);
              assertThat(culprit.unreturned()).isEqualTo(1);
            });
  }

  // --- doubts ------------------------------------------------------------------------------------

  @Test
  void losses_are_said() {
    getPath(PRE_CLOSE, DENTRY);

    ReferenceBalance balance = books.balance(1200, ReferencesTests::frames, List.of());
    assertThat(balance.lostEvents()).isEqualTo(1200);
    assertThat(balance.culprits()).containsExactly(missing(PATH_GET, 1, 1, 1));
  }

  @Test
  void an_event_shorter_than_its_format_is_refused() {
    ByteBuffer event = event(ReferenceFunction.DPUT, POST_CLOSE, DENTRY);

    assertThatThrownBy(() -> books.enter(0, 0, event, 0, 24))
        .isInstanceOf(MalformedKernelDataException.class)
        .hasMessage("a trace event dput has 24 bytes and should have at least 32");
  }

  @ParameterizedTest
  @EnumSource(
      value = ReferenceFunction.class,
      names = {"PATH_GET", "FGET"})
  void the_forms_of_these_tests_are_the_kernels(ReferenceFunction function) {
    EventFormat captured =
        EventFormat.parse(Formats.text("trace-6.1/fmt." + function.symbol() + ".txt"));

    // Names of dentries were not asked for when that was captured.
    assertThat(FORMATS.get(function))
        .satisfies(
            format -> {
              assertThat(format.name()).isEqualTo(captured.name());
              assertThat(format.fields()).containsAllEntriesOf(captured.fields());
            });
  }

  @Test
  void other_events_are_passed_over() {
    ByteBuffer unknown = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    unknown.putShort(0, (short) 3);
    books.enter(0, 0, unknown, 0, 16);

    assertThat(balance().events()).isZero();
  }
}
