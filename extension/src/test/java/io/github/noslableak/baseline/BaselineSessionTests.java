package io.github.noslableak.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class BaselineSessionTests {

  private static final String CLASS = BaselineSessionTests.class.getName() + "$Cases";
  private static final String TEST = CLASS + "#relays()";
  private static final KnownLeak KNOWN = new KnownLeak(TEST, "dentry", 1, "2026-11-24", "ABC-123");
  private static final String LINE = TEST + " | dentry | 1.00 | 2026-11-24 | ABC-123\n";

  @TempDir Path directory;

  private Path path;

  static class Cases {
    void relays() {}

    void listens() {}
  }

  @BeforeEach
  void write() throws IOException {
    path = Files.writeString(directory.resolve("known.leaks"), LINE);
  }

  private BaselineSession open(BaselineMode mode) throws IOException {
    return BaselineSession.open(new BaselineSettings(path, mode, false));
  }

  private static ObservedRate dentry(double rate) {
    return ObservedRate.exactly(TEST, "dentry", rate);
  }

  private static String today() {
    return LocalDate.now(ZoneOffset.UTC).toString();
  }

  @Test
  void a_known_leak_passes_and_is_told() throws IOException {
    BaselineSession session = open(BaselineMode.CHECK);

    BaselineSession.Judgement judgement = session.judge(TEST, List.of(dentry(1)));

    assertThat(judgement.passes()).isTrue();
    assertThat(judgement.known()).containsExactly(KNOWN);
    assertThat(session.finish())
        .containsExactly(
            "Known leaks of " + path,
            "known: " + TEST + ", 1.00 dentry per iteration since 2026-11-24: ABC-123");
    assertThat(path).hasContent(LINE);
  }

  @Test
  void what_is_new_or_faster_is_left_to_fail() throws IOException {
    BaselineSession session = open(BaselineMode.CHECK);
    ObservedRate filp = ObservedRate.exactly(TEST, "filp", 1);

    BaselineSession.Judgement judgement = session.judge(TEST, List.of(dentry(1.5), filp));

    assertThat(judgement.passes()).isFalse();
    assertThat(judgement.tooMuch()).containsExactly(dentry(1.5), filp);
    assertThat(judgement.known()).isEmpty();
    assertThat(session.finish()).isEmpty();
    assertThat(path).hasContent(LINE);
  }

  @Test
  void a_slower_leak_is_lowered_at_once() throws IOException {
    BaselineSession session = open(BaselineMode.CHECK);

    assertThat(session.judge(TEST, List.of(dentry(0.5))).known()).containsExactly(KNOWN);

    assertThat(path).hasContent(LINE.replace("1.00", "0.50"));
    assertThat(session.finish())
        .contains("lowered: " + TEST + ", 0.50 dentry per iteration, was 1.00");
  }

  @Test
  void a_leak_that_is_gone_is_removed_at_once() throws IOException {
    BaselineSession session = open(BaselineMode.CHECK);

    assertThat(session.judge(TEST, List.of(dentry(0))).passes()).isTrue();

    assertThat(path).hasContent("");
    assertThat(session.finish())
        .containsExactly("Known leaks of " + path, "gone: " + TEST + ", 1.00 dentry per iteration");
  }

  @Test
  void a_test_that_runs_again_is_not_judged_by_its_first_run() throws IOException {
    BaselineSession session = open(BaselineMode.CHECK);

    session.judge(TEST, List.of(dentry(0)));

    assertThat(session.judge(TEST, List.of(dentry(1))).passes()).isTrue();
    session.finish();
  }

  @Test
  void update_records_what_leaks_and_lets_it_pass() throws IOException {
    BaselineSession session = open(BaselineMode.UPDATE);

    BaselineSession.Judgement judgement =
        session.judge(TEST, List.of(dentry(2), ObservedRate.exactly(TEST, "filp", 0.125)));

    assertThat(judgement.passes()).isTrue();
    assertThat(judgement.recorded())
        .containsExactly(
            new KnownLeak(TEST, "dentry", 2, "2026-11-24", "ABC-123"),
            new KnownLeak(TEST, "filp", 0.125, today(), ""));
    assertThat(path)
        .hasContent(LINE.replace("1.00", "2.00") + TEST + " | filp | 0.125 | " + today() + "\n");
    assertThat(session.finish())
        .containsExactly(
            "Known leaks of " + path,
            "raised: " + TEST + ", 2.00 dentry per iteration, was 1.00",
            "recorded: " + TEST + ", 0.125 filp per iteration");
  }

  @Test
  void a_missing_file_fails_and_names_the_switch() throws IOException {
    Files.delete(path);

    assertThatThrownBy(() -> open(BaselineMode.CHECK))
        .isExactlyInstanceOf(BaselineFileException.class)
        .hasMessage(
            "the file that noslableak.baseline names does not exist: "
                + path
                + ". To create it with what leaks today, run once with"
                + " noslableak.baseline.mode=update and commit it.");
    assertThatThrownBy(() -> open(BaselineMode.UPDATE))
        .hasMessage(
            "the file that noslableak.baseline names does not exist: "
                + path
                + ". It is not created on a build server (the environment variable CI is set):"
                + " create it elsewhere and commit it, or set noslableak.baseline.create=true.");
    assertThat(path).doesNotExist();
  }

  @Test
  void a_missing_file_is_created_where_that_is_allowed() throws IOException {
    Files.delete(path);
    BaselineSession session =
        BaselineSession.open(new BaselineSettings(path, BaselineMode.UPDATE, true));

    assertThat(path).exists();
    session.judge(TEST, List.of(dentry(1)));

    assertThat(path).content().startsWith("# Known slab leaks").endsWith(today() + "\n");
    session.finish();
  }

  @Test
  void one_file_has_one_session_until_it_is_finished() throws IOException {
    BaselineSession session = open(BaselineMode.CHECK);

    assertThat(open(BaselineMode.CHECK)).isSameAs(session);
    session.finish();
    BaselineSession next = open(BaselineMode.CHECK);
    assertThat(next).isNotSameAs(session);
    next.finish();
  }

  @Test
  void a_test_without_news_costs_no_file() throws IOException {
    BaselineSession session = open(BaselineMode.CHECK);
    Files.delete(path);

    assertThat(session.judge(TEST, List.of(dentry(1))).passes()).isTrue();
    assertThat(session.judge(CLASS + "#listens()", List.of()).passes()).isTrue();
    session.finish();
  }

  @Test
  void a_test_that_does_not_exist_is_told_and_one_that_did_not_run_is_not() throws IOException {
    String gone = CLASS + "#relay()";
    Files.writeString(path, LINE + LINE.replace("relays()", "relay()"));
    BaselineSession session = open(BaselineMode.CHECK);
    session.saw(CLASS + "#listens()");
    session.saw(CLASS + "#relaysAll()");

    assertThat(session.finish())
        .containsExactly(
            "Known leaks of " + path,
            "no such test: "
                + gone
                + "; renamed to "
                + CLASS
                + "#relaysAll()?; correct its line, or run once with"
                + " noslableak.baseline.mode=prune");
  }

  @Test
  void prune_removes_the_leaks_of_tests_that_do_not_exist() throws IOException {
    Files.writeString(
        path, LINE + LINE.replace("relays()", "relay()") + LINE.replace(CLASS, "gone.Gone"));
    BaselineSession session = open(BaselineMode.PRUNE);

    assertThat(session.finish())
        .containsExactly(
            "Known leaks of " + path,
            "removed, no such test: gone.Gone#relays()",
            "removed, no such test: " + CLASS + "#relay()");
    assertThat(path).hasContent(LINE);
  }
}
