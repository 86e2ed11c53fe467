package io.github.noslableak.live.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.NoSlabLeak;
import io.github.noslableak.live.LiveTest;
import io.github.noslableak.testkit.Leaks;
import io.github.noslableak.testkit.Results;
import io.github.noslableak.testkit.TestKit;
import java.io.IOException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A server takes a connection off its selector while it answers a request, and puts it back when
 * its client has the answer, and may have ended its test.
 */
@LiveTest
class RegistrationsTests {

  @RegisterExtension static final Leaks LEAKED = new Leaks();

  /** A connection that is kept between tests, here a pipe. */
  private static final class Server {

    private final Selector selector = LEAKED.keep(Selector.open());
    private final ScheduledExecutorService dispatcher =
        Executors.newSingleThreadScheduledExecutor();
    private final Pipe pipe = Pipe.open();

    Server() throws Exception {
      LEAKED.undo(dispatcher::shutdownNow);
      LEAKED.keep(pipe.source());
      LEAKED.keep(pipe.sink());
      pipe.source().configureBlocking(false);
      dispatcher.submit(this::register).get();
    }

    private Void register() throws IOException {
      pipe.source().register(selector, SelectionKey.OP_READ);
      selector.selectNow();
      return null;
    }

    private Void unregister() throws IOException {
      pipe.source().keyFor(selector).cancel();
      selector.selectNow();
      return null;
    }

    /** Returns before it is registered again. */
    void answer() throws Exception {
      dispatcher.submit(this::unregister).get();
      Future<?> ignored = dispatcher.schedule(this::register, 10, TimeUnit.MILLISECONDS);
    }
  }

  private static Optional<Server> server = Optional.empty();

  /** Comes when the body can be run no more. */
  private static final class Teardown implements AfterEachCallback {
    @Override
    public void afterEach(ExtensionContext context) throws Exception {
      Thread.sleep(200);
    }
  }

  @ExtendWith(Teardown.class)
  @NoSlabLeak(caches = "ep_head")
  static class AnswerTestCases {
    @Test
    void asks() throws Exception {
      server.orElseThrow().answer();
    }
  }

  @RepeatedTest(5)
  void a_connection_that_is_registered_again_when_its_test_is_over() throws Exception {
    server = Optional.of(new Server());

    Results results = TestKit.run(AnswerTestCases.class);
    assertThat(results).passes(1);
  }
}
