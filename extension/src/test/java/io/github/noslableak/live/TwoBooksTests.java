package io.github.noslableak.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.github.noslableak.Attribution;
import io.github.noslableak.SlabGrowth;
import io.github.noslableak.SlabGuard;
import io.github.noslableak.proc.HttpClients;
import io.github.noslableak.slab.NetworkNamespaces;
import io.github.noslableak.testkit.Child;
import io.github.noslableak.testkit.Leaks;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
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

  /** More caches than are followed from the first run on: the ledger has the suspected alone. */
  @Test
  void one_socket_among_all_caches() {
    SlabGrowth growth = SlabGuard.watching("@all").measure(() -> leaks.sockets(1));

    assertThat(growth.isLeak()).as(growth.report()).isTrue();
    assertThat(growth.perIteration("sock_inode_cache")).as(growth.report()).isEqualTo(1);
  }

  /** Each slab has one, which says which control group its objects are charged to. */
  @Test
  void files_that_are_kept_are_counted_without_what_their_slabs_need() throws Exception {
    SlabGrowth growth =
        SlabGuard.watching("filp", "@kmalloc")
            .iterations(100)
            .measure(
                () -> {
                  leaks.keep(new FileInputStream("/etc/hostname"));
                  leaks.keep(new FileInputStream("/etc/hostname"));
                });

    assertThat(growth.perIteration("filp")).as(growth.report()).isEqualTo(2);
    assertThat(growth.report())
        .contains("filp +200, +400")
        .doesNotContainPattern("kmalloc.*it leaks");
  }

  /** Holds a socket for 50 of every 85 ms. */
  private static final String HOLDS_A_SOCKET =
      "use Socket; $|=1; while (1) { socket(my $s, AF_INET, SOCK_STREAM, 0);"
          + " select(undef,undef,undef,0.05); close $s; select(undef,undef,undef,0.035) }";

  /** Ends with 300 open files, again and again. */
  private static final String ENDS_WITH_FILES =
      "$|=1; while (1) { if (fork() == 0) { open($f[$_],'<','/etc/hostname')"
          + " for 1..300; select(undef,undef,undef,0.1); exit } wait; select(undef,undef,undef,0.1) }";

  /** Connects to itself three times, sends, and hangs up, again and again. */
  private static final String TALKS_TCP =
      "use Socket; socket(my $s, AF_INET, SOCK_STREAM, 0);"
          + " bind($s, sockaddr_in(0, INADDR_LOOPBACK)); listen($s, 9); my $to = getsockname($s);"
          + " while (1) { my @all; for (1..3) { socket(my $c, AF_INET, SOCK_STREAM, 0);"
          + " connect($c, $to); accept(my $d, $s); syswrite($c, 'x'); sysread($d, my $x, 1);"
          + " push @all, $c, $d } select(undef,undef,undef,0.02); close $_ for @all }";

  @RepeatedTest(10)
  void a_connection_that_is_kept_beside_a_process_that_talks_to_itself() throws Exception {
    leaks.unrelated(TALKS_TCP);
    SlabGuard sockets = SlabGuard.watching("@sockets");
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      SlabGrowth clean = sockets.measure(() -> connection(server).close());
      SlabGrowth growth = sockets.measure(() -> leaks.keep(connection(server)));

      assertThat(clean.isLeak()).as(clean.report()).isFalse();
      assertThat(clean.isInconclusive()).as(clean.report()).isFalse();
      assertThat(growth.isLeak()).as(growth.report()).isTrue();
      assertThat(growth.of("sock_inode_cache")).as(growth.report()).isEqualTo(2);
    }
  }

  /** Returns both ends of a connection. */
  private static AutoCloseable connection(ServerSocket server) throws IOException {
    Socket one = new Socket(server.getInetAddress(), server.getLocalPort());
    Socket other = server.accept();
    return () -> {
      // The server's end is not kept for a minute by TIME_WAIT where the other hangs up first.
      one.close();
      other.close();
    };
  }

  @RepeatedTest(5)
  void one_socket_of_fifty_beside_a_process_that_holds_one_now_and_then() throws Exception {
    leaks.unrelated(HOLDS_A_SOCKET);
    SlabGrowth growth =
        SlabGuard.watching("sock_inode_cache")
            .measure(
                () -> {
                  for (int i = 0; i < 49; i++) {
                    new ServerSocket(0).close();
                  }
                  leaks.sockets(1);
                });

    assertThat(growth.isLeak()).as(growth.report()).isTrue();
    assertThat(growth.of("sock_inode_cache")).as(growth.report()).isEqualTo(1);
  }

  /** What the other process holds at the first count is no part of it, as it is of none later. */
  @RepeatedTest(10)
  void counters_alone_take_no_moment_of_others_for_the_state_before_the_test() throws Exception {
    leaks.unrelated(HOLDS_A_SOCKET);
    Thread.sleep(ThreadLocalRandom.current().nextInt(85)); // At whatever moment of it.
    SlabGuard counters = SlabGuard.watching("sock_inode_cache").attributing(Attribution.NEVER);

    SlabGrowth growth = counters.measure(() -> leaks.sockets(1));

    assertThat(growth.report())
        .doesNotContain("is clean")
        .containsPattern("leaked 1 sock_inode_cache|inconclusive");
  }

  /** Without a moment in which the other holds none, it takes four turns of eight runs and more. */
  @RepeatedTest(5)
  void counters_alone_find_a_socket_of_a_slow_body_in_the_time_of_a_confirmation()
      throws Exception {
    leaks.unrelated(HOLDS_A_SOCKET);
    AtomicInteger runs = new AtomicInteger();
    SlabGrowth growth =
        SlabGuard.watching("sock_inode_cache")
            .attributing(Attribution.NEVER)
            .measure(
                () -> {
                  runs.incrementAndGet();
                  Thread.sleep(150);
                  leaks.sockets(1);
                });

    assertThat(growth.isLeak()).as(growth.report()).isTrue();
    assertThat(growth.perIteration("sock_inode_cache")).as(growth.report()).isEqualTo(1);
    assertThat(runs.get()).as("four first runs and 3 s").isLessThanOrEqualTo(1 + 4 + 20);
  }

  @RepeatedTest(5)
  void one_file_beside_a_process_that_ends_with_three_hundred() throws Exception {
    leaks.unrelated(ENDS_WITH_FILES);
    SlabGrowth growth =
        SlabGuard.watching().measure(() -> leaks.keep(new FileInputStream("/etc/hostname")));

    assertThat(growth.isLeak()).as(growth.report()).isTrue();
    assertThat(growth.of("filp")).as(growth.report()).isEqualTo(1);
  }

  @RepeatedTest(5)
  void nothing_beside_processes_that_do_both() throws Exception {
    leaks.unrelated(HOLDS_A_SOCKET);
    leaks.unrelated(ENDS_WITH_FILES);

    SlabGuard.watching().check(() -> new ServerSocket(0).close());
  }

  /** Just between the body and the first look, it closes what was forgotten. */
  @RepeatedTest(3)
  void a_collection_within_the_first_run_hides_no_forgotten_close() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    SlabGrowth growth =
        SlabGuard.watching("sock_inode_cache", "dentry")
            .measure(
                () -> {
                  new ServerSocket(0);
                  if (runs.incrementAndGet() == 1) {
                    System.gc();
                    Thread.sleep(100);
                  }
                });

    assertThat(growth.isLeak()).as(growth.report()).isTrue();
    assertThat(growth.perIteration("sock_inode_cache")).as(growth.report()).isEqualTo(1);
  }

  /** Not a cleaning thread closes its connections, but its own, which ends. */
  @RepeatedTest(3)
  void a_collection_within_the_first_run_hides_no_forgotten_HttpClient() throws Exception {
    URI uri = leaks.httpServer();
    AtomicInteger runs = new AtomicInteger();

    SlabGrowth growth =
        SlabGuard.watching("filp", "sock_inode_cache")
            .measure(
                () -> {
                  HttpClient.newHttpClient()
                      .send(
                          HttpRequest.newBuilder(uri).build(),
                          HttpResponse.BodyHandlers.discarding());
                  if (runs.incrementAndGet() == 1) {
                    System.gc();
                    boolean ignored = HttpClients.awaitClosing(); // It may have closed by now.
                    assertThat(Thread.getAllStackTraces().keySet())
                        .as("closed in the first run")
                        .extracting(Thread::getName)
                        .noneMatch(name -> name.endsWith("-SelectorManager"));
                    Thread.sleep(100);
                  }
                });

    assertThat(growth.isLeak()).as(growth.report()).isTrue();
  }

  /** The JVM gives the sockets of the one back while the other's are opened. */
  @RepeatedTest(5)
  void a_client_that_is_kept_right_after_another_was_dropped() throws Exception {
    URI uri = leaks.httpServer();
    List<HttpClient> kept = new ArrayList<>();
    ask(HttpClient.newHttpClient(), uri);
    System.gc();

    SlabGrowth growth =
        SlabGuard.watching()
            .measure(
                () -> {
                  HttpClient client = HttpClient.newHttpClient();
                  kept.add(client);
                  ask(client, uri);
                });

    assertThat(growth.isLeak()).as(growth.report()).isTrue();
    assertThat(kept).isNotEmpty();
  }

  private static void ask(HttpClient client, URI uri) throws Exception {
    client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding());
  }

  @RepeatedTest(3)
  void a_collection_within_a_clean_test_that_closes_what_was_forgotten_before() throws Exception {
    new ServerSocket(0);
    SlabGuard.watching("sock_inode_cache", "dentry")
        .check(
            () -> {
              new ServerSocket(0).close();
              System.gc();
              Thread.sleep(100);
            });
  }

  /** What grows once beside what leaks is no part of the leak. */
  @Test
  void a_child_that_warms_a_cache_of_its_own_in_the_first_run() throws Exception {
    Child service =
        leaks.keep(
            Child.start(
                "perl",
                "-e",
                "$|=1; while (<STDIN>) { for (1..30) { open($f[$_],'<','/etc/hostname') unless $f[$_] } print qq(ok\\n) }"));

    SlabGrowth growth =
        SlabGuard.watching("filp", "sock_inode_cache")
            .measure(
                () -> {
                  leaks.sockets(1);
                  service.say("");
                  service.awaitLine("ok");
                });

    assertThat(growth.report())
        .startsWith("The checked code leaked 1 sock_inode_cache, 1 filp")
        .contains("1 socket")
        .doesNotContain("the kernel itself")
        .doesNotContain("ipcs");
    assertThat(growth.of("filp")).isEqualTo(1);
  }

  /** A kernel worker takes them down, one after the other, and keeps the last until the next. */
  @RepeatedTest(10)
  void network_namespaces_that_end_with_their_processes() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    SlabGrowth growth =
        SlabGuard.watching("net_namespace")
            .measure(
                () -> {
                  runs.incrementAndGet();
                  twoNamespaces();
                });

    assertThat(growth.report()).startsWith("The checked code is clean");
    assertThat(runs).as("nothing is suspicious").hasValue(1);
  }

  @Test
  void a_thread_that_was_interrupted_has_namespaces_freed_too_and_stays_so() {
    Thread.currentThread().interrupt();

    assertThat(NetworkNamespaces.comeAndGo()).isTrue();
    assertThat(Thread.interrupted()).isTrue();
  }

  private static void twoNamespaces() throws Exception {
    Child.run("unshare", "--net", "true");
    Child.run("unshare", "--net", "true");
  }

  @Test
  void a_network_namespace_whose_process_lives_on() throws Exception {
    SlabGrowth growth =
        SlabGuard.watching("net_namespace")
            .measure(
                () -> {
                  twoNamespaces();
                  Child child =
                      leaks.keep(Child.start("unshare", "--net", "sh", "-c", "echo; cat"));
                  child.awaitLine("");
                });

    assertThat(growth.isLeak()).as(growth.report()).isTrue();
    assertThat(growth.perIteration("net_namespace")).isEqualTo(1);
  }

  /** From 6.11 on messages have caches of their own, whose allocations name none. */
  @Test
  void messages_that_nobody_receives() throws Exception {
    LiveKernelCondition.require(
        Files.exists(Path.of("/sys/kernel/slab/msg_msg-96")),
        "TwoBooksTests: no caches for messages");
    String queue = Child.run("perl", "-e", "print msgget(0, 0600 | 01000) // die qq($!)").strip();
    leaks.undo(() -> Child.run("ipcrm", "--queue-id", queue));
    String send = "msgsnd(" + queue + ", pack('l! a*', 1, 'x' x 40), 04000) or die qq($!)";

    SlabGrowth growth = SlabGuard.watching("@kmalloc").measure(() -> Child.run("perl", "-e", send));

    assertThat(growth.isLeak()).as(growth.report()).isTrue();
    assertThat(growth.perIteration("msg_msg-96")).as(growth.report()).isEqualTo(1);
  }

  /**
   * So has what user space hands over. A file system that is being configured keeps its source: by
   * fsopen(2) and FSCONFIG_SET_STRING of fsconfig(2), whose numbers are those of all architectures.
   */
  @Test
  void what_user_space_handed_over_and_the_kernel_keeps() throws Exception {
    LiveKernelCondition.require(
        Files.exists(Path.of("/sys/kernel/slab/memdup_user-32")),
        "TwoBooksTests: no caches for what user space hands over");
    String keep =
        "($type, $key, $value) = ('tmpfs', 'source', 'x' x 20);"
            + " $context = syscall(430, $type, 0);"
            + " syscall(431, $context, 1, $key, $value, 0) == 0 or die qq($!);"
            + " $| = 1; print qq(kept\n); <STDIN>";

    SlabGrowth growth =
        SlabGuard.watching("memdup_user-*")
            .measure(() -> leaks.keep(Child.start("perl", "-e", keep)).awaitLine("kept"));

    assertThat(growth.isLeak()).as(growth.report()).isTrue();
    assertThat(growth.perIteration("memdup_user-32")).as(growth.report()).isEqualTo(1);
  }

  /** As a server does, or an executor that is shut down: nobody waits for it. */
  private static void closeLate(ScheduledExecutorService closing, int sockets, int millis)
      throws IOException {
    for (int i = 0; i < sockets; i++) {
      ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      Future<?> ignored =
          closing.schedule(
              () -> {
                socket.close();
                return socket;
              },
              millis,
              TimeUnit.MILLISECONDS);
    }
  }

  private ScheduledExecutorService closing() throws Exception {
    ScheduledExecutorService closing = Executors.newSingleThreadScheduledExecutor();
    leaks.undo(closing::shutdownNow);
    closing.submit(() -> {}).get();
    return closing;
  }

  @RepeatedTest(3)
  void a_socket_that_stays_beside_others_that_are_closed_late() throws Exception {
    ScheduledExecutorService closing = closing();

    SlabGrowth growth =
        SlabGuard.watching("@io")
            .measure(
                () -> {
                  leaks.sockets(1);
                  closeLate(closing, 1, 400);
                });

    assertThat(growth.isLeak()).as(growth.report()).isTrue();
    assertThat(growth.perIteration("sock_inode_cache")).as(growth.report()).isEqualTo(1);
  }

  @RepeatedTest(3)
  void sockets_that_are_all_closed_late() throws Exception {
    ScheduledExecutorService closing = closing();

    for (int millis : List.of(50, 85, 400)) {
      SlabGuard.watching("@io").check(() -> closeLate(closing, 4, millis));
    }
  }

  /** Java keeps a connection to each server for up to ten seconds. */
  @Test
  void connections_that_are_kept_to_be_used_again() throws Exception {
    SlabGuard.watching()
        .check(
            () -> {
              HttpServer server =
                  HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
              server.createContext(
                  "/",
                  exchange -> {
                    exchange.sendResponseHeaders(200, 2);
                    exchange.getResponseBody().write(new byte[] {'o', 'k'});
                    exchange.close();
                  });
              server.start();
              try (InputStream answer =
                  URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/")
                      .toURL()
                      .openStream()) {
                assertThat(answer.readAllBytes()).hasSize(2);
              } finally {
                server.stop(0);
              }
            });
  }

  /**
   * The body needs one connection, and finds it in the pool: nothing is left that was not there.
   */
  @Test
  void a_connection_that_is_not_given_back_to_the_pool_that_an_earlier_test_filled()
      throws Exception {
    URL missing = serverOf404();
    SlabGuard guard = SlabGuard.watching("filp", "sock_inode_cache");
    fillPool(missing);
    SlabGrowth once = guard.measure(() -> openWithoutReading(missing));
    assertThat(once.isLeak()).as(once.report()).isFalse();
    assertThat(once.report())
        .contains(
            "The body ran once: what it takes out of a pool that an earlier test filled,"
                + " iterations = 2 shows.");

    fillPool(missing);
    SlabGrowth twice = guard.iterations(2).measure(() -> openWithoutReading(missing));
    assertThat(twice.isLeak()).as(twice.report()).isTrue();
    assertThat(twice.perIteration("sock_inode_cache")).as("both ends").isEqualTo(2);
  }

  /** The pool has one when all is over, as it had before. */
  @Test
  void a_connection_that_one_request_keeps_and_the_next_one_forgets() throws Exception {
    URL missing = serverOf404();
    SlabGrowth growth =
        SlabGuard.watching("@sockets")
            .measure(
                () -> {
                  openWithoutReading(missing);
                  fillPool(missing);
                });

    assertThat(growth.isLeak()).as(growth.report()).isTrue();
    assertThat(growth.perIteration("sock_inode_cache")).as("both ends").isEqualTo(2);
  }

  /** The server, in the same JVM, closes their other ends as soon as the collection did. */
  @RepeatedTest(3)
  void connections_that_were_forgotten_and_a_collection_while_others_are_kept() throws Exception {
    URL missing = serverOf404();
    AtomicLong last = new AtomicLong(System.nanoTime());
    Thread collector = new Thread(() -> collectAfter(last), "collects");
    leaks.undo(collector::interrupt);
    collector.start();

    SlabGrowth growth =
        SlabGuard.watching("@sockets")
            .measure(
                () -> {
                  last.set(System.nanoTime());
                  assertThat(new Socket(missing.getHost(), missing.getPort()).isConnected())
                      .isTrue();
                  fillPool(missing);
                  last.set(System.nanoTime());
                });

    collector.join(TimeUnit.SECONDS.toMillis(20));
    assertThat(collector.isAlive()).as("has collected").isFalse();
    assertThat(growth.isLeak()).as(growth.report()).isTrue();
    assertThat(growth.perIteration("sock_inode_cache")).as(growth.report()).isEqualTo(2);
  }

  /** Collects when nothing of the body has run for so long that those that are kept are awaited. */
  private static void collectAfter(AtomicLong last) {
    try {
      while (System.nanoTime() - last.get() < TimeUnit.MILLISECONDS.toNanos(1500)) {
        Thread.sleep(50);
      }
      System.gc();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private URL serverOf404() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(404, 1);
          exchange.getResponseBody().write(1);
          exchange.close();
        });
    server.start();
    leaks.undo(() -> server.stop(0));
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/").toURL();
  }

  private static void fillPool(URL missing) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) missing.openConnection();
    assertThat(connection.getResponseCode()).isEqualTo(404);
    try (InputStream page = connection.getErrorStream()) {
      assertThat(page.readAllBytes()).hasSize(1);
    }
  }

  /** Nor can a collection give it back, which may come while those that are kept are waited for. */
  private void openWithoutReading(URL missing) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) missing.openConnection();
    leaks.undo(connection::disconnect);
    assertThat(connection.getResponseCode()).isEqualTo(404);
  }

  /** A body that takes out of a pool what an earlier test put there shows when it runs twice. */
  @Test
  void a_pool_that_an_earlier_test_filled() throws Exception {
    Deque<FileInputStream> pool = new ArrayDeque<>();
    pool.push(leaks.keep(new FileInputStream("/etc/hostname")));
    SlabGuard guard = SlabGuard.watching("filp");

    SlabGrowth twice =
        guard
            .iterations(2)
            .measure(
                () -> {
                  if (pool.poll() == null) {
                    leaks.keep(new FileInputStream("/etc/hostname"));
                  }
                });

    assertThat(twice.isLeak()).as(twice.report()).isTrue();
  }
}
