package io.github.noslableak.trace.ref;

import io.github.noslableak.proc.ProcessId;
import io.github.noslableak.trace.TraceInstance;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Events of our own on functions of the kernel, in a group whose name tells the process and the
 * time at which that started. They are gone when it is closed; those of a killed process go with
 * the next group on this machine.
 */
public final class ProbeGroup implements AutoCloseable {

  /**
   * A line of kprobe_events.
   *
   * <pre>{@code
   * p:noslableak_4242_99_1/dput dput object=%di:x64 caller=$stack0:x64
   * r10:noslableak_4242_99_1/fget fget object=$retval:x64
   * }</pre>
   */
  private static final Pattern OURS =
      Pattern.compile("[pr]\\d*:(noslableak_(\\d+)_(\\d+)_\\d+/\\w+) .*");

  private final Path events;
  private final Path profile;
  private final String name;
  private final List<String> members = new ArrayList<>();

  private ProbeGroup(Path root, String name) {
    this.events = file(root);
    this.profile = root.resolve("kprobe_profile");
    this.name = name;
  }

  public static Path file(Path root) {
    return root.resolve("kprobe_events");
  }

  /**
   * Makes an empty group. Removes those of dead processes, whose instances of tracing must be gone
   * by now: an event that is switched on somewhere cannot be removed.
   */
  static ProbeGroup create(Path root) throws IOException {
    removeStale(root);
    return new ProbeGroup(root, TraceInstance.uniqueName('_'));
  }

  public static void removeStale(Path root) throws IOException {
    Path events = file(root);
    for (String stale : stale(Files.readAllLines(events), ProcessId::isAlive)) {
      remove(events, stale);
    }
  }

  /** Returns the events of processes that are dead by what the predicate says of pid and start. */
  static List<String> stale(List<String> lines, BiPredicate<String, String> isAlive) {
    List<String> stale = new ArrayList<>();
    for (String line : lines) {
      Matcher ours = OURS.matcher(line);
      if (ours.matches() && !isAlive.test(ours.group(2), ours.group(3))) {
        stale.add(ours.group(1));
      }
    }
    return stale;
  }

  String name() {
    return name;
  }

  /**
   * Adds an event, switched off.
   *
   * @return false if the kernel has no such function or allows no probe on it
   */
  boolean add(ReferenceFunction function, ReferenceFunction.Machine machine) {
    try {
      append(events, function.probe(name, machine));
    } catch (IOException e) {
      return false;
    }
    members.add(name + "/" + function.symbol());
    return true;
  }

  /**
   * Returns how often a probe was hit and recorded nothing, as when it was hit while it ran.
   *
   * @throws IOException if the kernel does not tell
   */
  long missed() throws IOException {
    Set<String> ours = new HashSet<>();
    members.forEach(member -> ours.add(member.substring(member.indexOf('/') + 1)));
    return missed(Files.readAllLines(profile), ours);
  }

  /**
   * Sums the misses in lines of {@code kprobe_profile}, which names events without their group:
   *
   * <pre>{@code
   * path_get                                       406               0
   * }</pre>
   */
  static long missed(List<String> lines, Set<String> events) {
    long missed = 0;
    for (String line : lines) {
      String[] fields = line.strip().split(" +", -1);
      if (fields.length == 3 && events.contains(fields[0])) {
        missed += Long.parseLong(fields[2]);
      }
    }
    return missed;
  }

  /** Another process may remove it at the same moment, or use it: then the next one tries. */
  private static void remove(Path events, String event) {
    try {
      append(events, "-:" + event);
    } catch (IOException e) {
      // See above.
    }
  }

  /** Appends, because the kernel takes an opening that truncates as a wish to remove all events. */
  private static void append(Path events, String command) throws IOException {
    Files.writeString(
        events,
        command + "\n",
        StandardCharsets.US_ASCII,
        StandardOpenOption.WRITE,
        StandardOpenOption.APPEND);
  }

  /** Removes the events, which must be switched off everywhere. */
  @Override
  public void close() {
    members.forEach(event -> remove(events, event));
    members.clear();
  }
}
