package io.github.noslableak.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.SlabGrowth;
import io.github.noslableak.SlabGuard;
import io.github.noslableak.testkit.Child;
import io.github.noslableak.testkit.Leaks;
import java.io.FileInputStream;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What other processes give back does not hide what a test leaks, whenever they do. */
@LiveTest
class TwoBooksTests {

  /** Opens 300 files, and closes them slowly from about the first count on. */
  private static final String CLOSES_SLOWLY =
      "$|=1; open($f[$_],'<','/etc/hostname') for 1..300; print qq(ready\\n); <STDIN>;"
          + " select(undef,undef,undef,0.27);"
          + " for (1..300) { close($f[$_]); select(undef,undef,undef,0.002) } <STDIN>";

  @RegisterExtension final Leaks leaks = new Leaks();

  @RepeatedTest(5)
  void a_process_that_closes_files_while_the_ledger_is_opened() throws Exception {
    Child other = leaks.keep(Child.start("perl", "-e", CLOSES_SLOWLY));
    other.awaitLine("ready");
    AtomicInteger runs = new AtomicInteger();

    SlabGrowth growth =
        SlabGuard.watching("filp")
            .measure(
                () -> {
                  leaks.keep(new FileInputStream("/etc/hostname"));
                  if (runs.incrementAndGet() == 1) {
                    other.say("");
                  }
                });

    assertThat(growth.isLeak()).as(growth.report()).isTrue();
    assertThat(growth.perIteration("filp")).as(growth.report()).isEqualTo(1);
  }
}
