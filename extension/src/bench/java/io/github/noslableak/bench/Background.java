package io.github.noslableak.bench;

import io.github.noslableak.testkit.Child;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * What else happens on the machine while tests are measured. None of these processes descends from
 * the JVM that measures.
 */
enum Background {
  /** Nothing that we start. */
  IDLE,
  /** A process that works for a moment four times a second. */
  LIGHT(load(250)),
  /** A process that works for a moment fifty times a second. */
  LOAD(load(20)),
  /** Two processes that hardly rest: both processors are busy. */
  HEAVY(load(5), load(5)),
  /** A process that holds a socket for 50 of every 85 ms. */
  SOCKETS(
      perl(
          "use Socket; while (1) { socket(my $s, AF_INET, SOCK_STREAM, 0); pause(0.05); close $s;"
              + " pause(0.035) }")),
  /** A process that holds a socket for one of every two seconds. */
  LONG_SOCKETS(
      perl(
          "use Socket; while (1) { socket(my $s, AF_INET, SOCK_STREAM, 0); pause(1); close $s;"
              + " pause(1) }")),
  /** Processes that end with 300 files open, one after the other. */
  ENDING(
      perl(
          "while (1) { if (fork() == 0) { open($f[$_], '<', '/etc/hostname') for 1..300;"
              + " pause(0.1); exit } wait; pause(0.1) }")),
  /** A process that opens 300 files and closes them slowly. */
  CLOSING(
      perl(
          "while (1) { my @f; open($f[$_], '<', '/etc/hostname') for 1..300;"
              + " for (1..300) { close($f[$_]); pause(0.002) } }")),
  /** A process that connects to itself, sends and hangs up, thirty times a second. */
  CONNECTIONS(
      perl(
          "use Socket; socket(my $s, AF_INET, SOCK_STREAM, 0);"
              + " bind($s, sockaddr_in(0, INADDR_LOOPBACK)); listen($s, 9);"
              + " my $to = getsockname($s); while (1) { my @all;"
              + " for (1..3) { socket(my $c, AF_INET, SOCK_STREAM, 0); connect($c, $to);"
              + " accept(my $d, $s); syswrite($c, 'x'); sysread($d, my $x, 1); push @all, $c, $d }"
              + " pause(0.03); close $_ for @all; pause(0.07) }")),
  /** Network namespaces that are torn down. */
  NAMESPACES(List.of("sh", "-c", "while :; do unshare --net true; sleep 0.05; done")),
  /** A compiler that runs again and again. */
  BUILD(
      List.of(
          "sh",
          "-c",
          "out=$(mktemp -d); trap 'rm -rf $out' EXIT; while :; do"
              + " javac -nowarn -proc:none -d $out -cp \"$0\""
              + " src/main/java/io/github/noslableak/verdict/*.java; done",
          System.getProperty("java.class.path")));

  private final List<List<String>> commands;

  @SafeVarargs
  Background(List<String>... commands) {
    this.commands = List.of(commands);
  }

  private static List<String> load(int pauseMillis) {
    return List.of(
        "java",
        "-cp",
        System.getProperty("java.class.path"),
        Load.class.getName(),
        String.valueOf(pauseMillis));
  }

  private static List<String> perl(String script) {
    return List.of("perl", "-e", "sub pause { select(undef, undef, undef, $_[0]) } " + script);
  }

  /** Starts it; closing ends it. */
  Running start() throws IOException, InterruptedException {
    List<String> groups = new ArrayList<>();
    for (List<String> command : commands) {
      // The shell ends at once, so that init adopts what it started.
      List<String> detached =
          new ArrayList<>(
              List.of("sh", "-c", "setsid \"$@\" </dev/null >/dev/null 2>&1 & echo $!", "sh"));
      detached.addAll(command);
      groups.add(Child.run(detached.toArray(String[]::new)).strip());
    }
    if (!groups.isEmpty()) {
      TimeUnit.SECONDS.sleep(2);
    }
    return new Running(groups);
  }

  /**
   * What was started.
   *
   * @param groups the groups of its processes
   */
  record Running(List<String> groups) implements AutoCloseable {

    /** Fails where one has ended by itself: what was measured beside it was not under load. */
    @Override
    public void close() throws IOException, InterruptedException {
      long alive =
          IntStream.range(0, groups.size())
              .filter(i -> ProcessHandle.of(Long.parseLong(groups.get(i))).isPresent())
              .count();
      for (String group : groups) {
        String ignored = Child.run("sh", "-c", "kill -s KILL -- -" + group);
      }
      if (alive < groups.size()) {
        throw new IllegalStateException("the load has ended by itself");
      }
    }
  }
}
