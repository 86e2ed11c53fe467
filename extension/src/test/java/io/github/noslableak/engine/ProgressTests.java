package io.github.noslableak.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProgressTests {

  private final PrintStream before = System.err;
  private final Locale locale = Locale.getDefault();
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  @BeforeEach
  void capture() {
    System.setErr(new PrintStream(said, true, UTF_8));
    Locale.setDefault(Locale.GERMANY); // All else that is printed is in English.
  }

  @AfterEach
  void restore() {
    Locale.setDefault(locale);
    System.setErr(before);
  }

  @Test
  void a_long_time_in_which_nothing_runs_is_announced() {
    Progress.pause("uploads()", Duration.ofMillis(1_234_567));

    assertThat(said)
        .hasToString(
            "NoSlabLeak: lets 1,234 s pass without uploads(), to see what others do meanwhile"
                + System.lineSeparator());
  }

  @Test
  void a_short_one_is_not() {
    Progress.pause("uploads()", Duration.ofMillis(9_999));

    assertThat(said.size()).isZero();
  }

  @Test
  void a_run_that_is_over_soon_says_nothing() {
    Progress progress = new Progress("uploads()", 3);
    progress.done(1);
    progress.done(2);
    progress.done(3);

    assertThat(said.size()).isZero();
  }
}
