package io.github.noslableak.jvm;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The methods of the JDK that open something: Java ones around the native ones, on JDK 17 to 25.
 * What a JDK has not, is not watched there.
 */
final class OpeningMethods {

  /**
   * One such method, with all that have its name.
   *
   * @param kind what it opens, in plural
   */
  record Method(String kind, String type, String name) {

    /** Returns it as the flight recorder's filter names it. */
    String filter() {
      return type + "::" + name;
    }
  }

  static final List<Method> ALL =
      Stream.of(
              methods("sockets", "sun.nio.ch.Net", "socket", "serverSocket"),
              methods("sockets", "sun.nio.ch.NioSocketImpl", "accept"),
              methods("sockets", "sun.nio.ch.ServerSocketChannelImpl", "accept"),
              methods(
                  "sockets", "sun.nio.ch.UnixAsynchronousServerSocketChannelImpl", "implAccept"),
              methods("sockets", "sun.nio.ch.UnixDomainSockets", "socket"),
              methods("files", "java.io.FileInputStream", "open"),
              methods("files", "java.io.FileOutputStream", "open"),
              methods("files", "java.io.RandomAccessFile", "open"),
              methods(
                  "files", "sun.nio.fs.UnixNativeDispatcher", "open", "openat", "opendir", "dup"),
              methods("epolls", "sun.nio.ch.EPollSelectorImpl", "<init>"),
              methods("pipes", "sun.nio.ch.PipeImpl", "<init>"),
              methods("watch services", "sun.nio.fs.LinuxWatchService", "<init>"),
              methods("processes", "java.lang.ProcessImpl", "start"))
          .flatMap(List::stream)
          .toList();

  private static final Map<String, Map<String, Integer>> BY_TYPE =
      IntStream.range(0, ALL.size())
          .boxed()
          .collect(
              Collectors.groupingBy(
                  number -> ALL.get(number).type(),
                  Collectors.toMap(number -> ALL.get(number).name(), number -> number)));

  /** What lies between the product and the kernel, and around both. */
  private static final Pattern JDK = Pattern.compile("(java|javax|jdk|sun|com\\.sun)\\..*");

  /** What the JVM makes of a lambda expression is in no source. */
  private static final String LAMBDA = "$$Lambda";

  private static final Pattern OURS =
      Pattern.compile(
          "io\\.github\\.noslableak\\.([A-Z]|(baseline|books|cli|diagnosis|dump|engine|evidence|junit|jvm|kernel"
              + "|mount|object|proc|report|slab|trace|verdict)\\.).*");

  private static final Pattern AROUND =
      Pattern.compile(
          "(org\\.junit|org\\.apache\\.maven\\.surefire|org\\.gradle|worker\\.org\\.gradle|com\\.intellij\\.rt"
              + "|org\\.eclipse\\.jdt\\.internal\\.junit)\\..*");

  /** How many frames of the product are told. */
  private static final int MOST_FRAMES = 6;

  /** Of one library, before its last one. */
  private static final int FIRST_OF_ONE = 2;

  /** Such as com, org and io. */
  private static final int LONGEST_DOMAIN = 3;

  private static final Map<Pattern, Map<String, Boolean>> KNOWN = new ConcurrentHashMap<>();

  private OpeningMethods() {}

  private static List<Method> methods(String kind, String type, String... names) {
    return Stream.of(names).map(name -> new Method(kind, type, name)).toList();
  }

  /** Returns the methods of a class, each with its number in {@link #ALL}. */
  static Map<String, Integer> of(String type) {
    return BY_TYPE.getOrDefault(type, Map.of());
  }

  /**
   * A method on the stack.
   *
   * @param line of its source, or less than 0 where that is not known
   */
  record Frame(String type, String method, int line) {

    /** Returns it as it is told. */
    String told() {
      return type + "." + method + ":" + line;
    }

    /** Returns the start of the package's name, which is that of a domain or of a project. */
    private String library() {
      int first = type.indexOf('.');
      int second = type.indexOf('.', first + 1);
      boolean isDomain = first <= LONGEST_DOMAIN && second > 0;
      return type.substring(0, isDomain ? second : Math.max(0, first));
    }
  }

  /**
   * Returns the product's methods of a stack as they are told, innermost first: of methods of one
   * library that call each other, the first ones and the last one. None where this library opens
   * something for itself, in the midst of a test that calls it.
   */
  static List<String> product(Stream<Frame> stack) {
    Iterator<Frame> frames = stack.filter(frame -> !isOf(JDK, frame.type())).iterator();
    List<String> told = new ArrayList<>();
    List<Frame> ofOne = new ArrayList<>();
    boolean first = true;
    while (frames.hasNext() && told.size() < MOST_FRAMES) {
      Frame frame = frames.next();
      boolean ours = isOf(OURS, frame.type());
      if (first && ours) {
        return List.of();
      }
      first = false;
      if (ours || isOf(AROUND, frame.type()) || frame.type().contains(LAMBDA)) {
        continue;
      }
      if (!ofOne.isEmpty() && !ofOne.get(0).library().equals(frame.library())) {
        tell(ofOne, told);
        ofOne.clear();
      }
      ofOne.add(frame);
    }
    tell(ofOne, told);
    return told.subList(0, Math.min(told.size(), MOST_FRAMES));
  }

  private static void tell(List<Frame> ofOne, List<String> told) {
    for (int i = 0; i < ofOne.size(); i++) {
      if (i < FIRST_OF_ONE || i == ofOne.size() - 1) {
        told.add(ofOne.get(i).told());
      }
    }
  }

  /** A stack has a hundred frames, and the same ones again and again. */
  private static boolean isOf(Pattern pattern, String type) {
    return KNOWN
        .computeIfAbsent(pattern, unknown -> new ConcurrentHashMap<>())
        .computeIfAbsent(type, unknown -> pattern.matcher(type).matches());
  }
}
