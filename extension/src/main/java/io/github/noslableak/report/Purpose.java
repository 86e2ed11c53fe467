package io.github.noslableak.report;

import io.github.noslableak.verdict.Whose;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the kernel allocates objects for that no descriptor leads to: the way to them tells. */
enum Purpose {
  SHARED_MEMORY("newseg", "System V shared memory", "ipcs -m lists it, ipcrm -m ID removes it"),
  MESSAGES(
      "load_msg",
      "messages in a System V or POSIX queue that nobody received",
      "ipcs -q lists them"),
  MESSAGE_QUEUES(
      "newque", "System V message queues", "ipcs -q lists them, ipcrm -q ID removes one"),
  SEMAPHORES("newary", "System V semaphores", "ipcs -s lists them, ipcrm -s ID removes them"),
  KEYS("key_alloc", "keys", "cat /proc/keys lists them, keyctl unlink ID removes one"),
  CONTROL_GROUPS(
      "cgroup_mkdir",
      "control groups",
      "find /sys/fs/cgroup -type d lists them, rmdir removes one"),
  POSIX_QUEUES(
      "mqueue_get_inode|mqueue_create.*|do_mq_open",
      "POSIX message queues",
      "mq_unlink(3) removes one; where mqueue is mounted, ls /dev/mqueue lists them"),
  NETWORK_NAMESPACES("copy_net_ns", "network namespaces", "lsns -t net lists them"),
  NAMESPACES(
      "copy_mnt_ns|copy_ipcs|copy_pid_ns|copy_utsname|copy_cgroup_ns|create_user_ns",
      "namespaces",
      "lsns lists them"),
  WATCHES(
      "inotify_new_watch|__\\w+_sys_inotify_add_watch",
      "inotify watches",
      "cancel() the WatchKey, or close() the WatchService"),
  TIME_WAIT(
      "inet_twsk_alloc|tcp_time_wait",
      "connections in TIME_WAIT, which go after a minute",
      "ss -tan state time-wait lists them"),
  PROCESSES("copy_process", "processes or threads that live", "ps -eLf lists them");

  /** By their caches, whoever allocates from them: also where no allocation was followed. */
  private static final Map<String, Purpose> BY_CACHE =
      Map.of(
          "key_jar", KEYS,
          "mqueue_inode_cache", POSIX_QUEUES,
          "net_namespace", NETWORK_NAMESPACES,
          "tw_sock_TCP", TIME_WAIT,
          "tw_sock_TCPv6", TIME_WAIT);

  /** Since 6.11 each size of them has a cache of its own. */
  private static final Pattern OF_MESSAGES = Pattern.compile("msg_msg-.*");

  private final Pattern functions;
  private final String what;
  private final String command;

  Purpose(String functions, String what, String command) {
    this.functions = Pattern.compile(functions);
    this.what = what;
    this.command = command;
  }

  /** Returns what these are, in plural. */
  String what() {
    return what;
  }

  /** Returns how they are found and removed. */
  String command() {
    return command;
  }

  /** Returns those that at least half of the test's objects of a cache were allocated for. */
  static List<Purpose> of(Allocations allocations) {
    Map<String, Long> all = new HashMap<>();
    Map<String, Map<Purpose, Long>> told = new LinkedHashMap<>();
    allocations.groups().stream()
        .filter(group -> group.whose() != Whose.OTHERS)
        .forEach(
            group -> {
              all.merge(group.cache(), group.objects(), Long::sum);
              of(group.frames())
                  .forEach(
                      purpose ->
                          told.computeIfAbsent(group.cache(), cache -> new LinkedHashMap<>())
                              .merge(purpose, group.objects(), Long::sum));
            });
    List<Purpose> most = new ArrayList<>();
    told.forEach(
        (cache, purposes) ->
            purposes.forEach(
                (purpose, objects) -> {
                  if (2 * objects >= all.getOrDefault(cache, 0L) && !most.contains(purpose)) {
                    most.add(purpose);
                  }
                }));
    return most;
  }

  /**
   * Returns those that are told by stacks, and by the caches that leak where stacks tell nothing.
   *
   * @param leaked the caches' names
   */
  static List<Purpose> of(Optional<Allocations> allocations, Set<String> leaked) {
    List<Purpose> told = allocations.map(Purpose::of).orElse(List.of());
    return told.isEmpty()
        ? leaked.stream().sorted().flatMap(Purpose::ofCache).distinct().toList()
        : told;
  }

  private static Stream<Purpose> ofCache(String cache) {
    return OF_MESSAGES.matcher(cache).matches()
        ? Stream.of(MESSAGES)
        : Stream.ofNullable(BY_CACHE.get(cache));
  }

  /** Of those on the way, the one that is called last knows best. */
  private static Stream<Purpose> of(List<String> frames) {
    return frames.stream()
        .map(Purpose::plain)
        .flatMap(
            function ->
                Stream.of(values())
                    .filter(purpose -> purpose.functions.matcher(function).matches()))
        .limit(1);
  }

  /** Compilers add to the names of parts of functions. */
  private static String plain(String frame) {
    int end = 0;
    while (end < frame.length()
        && (Character.isLetterOrDigit(frame.charAt(end)) || frame.charAt(end) == '_')) {
      end++;
    }
    return frame.substring(0, end);
  }
}
