package io.github.noslableak.cli;

import io.github.noslableak.diagnosis.Kind;

/** Says of each kind of cache what a product does with it, and what a test of that looks like. */
enum KindText {
  SOCKET(
      "sockets: socket(), accept(), connect(); close() gives them back",
      "opens_and_closes_a_connection",
      "Connect, send and close as your product does; once with an error in between."),
  SELECTOR(
      "epoll: a selector and what is registered with it; close() and cancel() give them back",
      "registers_a_channel",
      "Register a channel with your selector, cancel it, select() once more."),
  WATCH(
      "watches of files: inotify, fanotify; close() and cancel() give them back",
      "watches_a_directory",
      "Register a watch as your product does, and cancel it."),
  MOUNT(
      "mounts: mount(); umount() gives them back",
      "mounts_and_unmounts",
      "Mount and unmount as your product does."),
  SECURITY(
      "what security modules hang on each inode and open file; it goes with these",
      "opens_and_closes_a_file",
      "Open, write, read, close and delete a new file as your product does."),
  NAMESPACE(
      "namespaces: unshare(), clone(), containers; they go with their last process or file",
      "starts_and_stops_a_container",
      "Start what has a namespace of its own, end it, and wait for it."),
  FILE(
      "files and their names: open(), stat(), path lookups; close() gives them back, and the kernel"
          + " drops unused ones when memory is short",
      "opens_and_closes_a_file",
      "Open, write, read, close and delete a new file as your product does."),
  PROCESS(
      "processes and threads; they go when these have ended and were waited for",
      "starts_and_ends_a_process",
      "Start what your product starts, end it, and wait for it."),
  KERNFS(
      "entries of sysfs and of control groups: mkdir() of a group, devices, modules; rmdir() and"
          + " removing them give them back",
      "creates_and_removes_a_control_group",
      "Start what has a control group or a device of its own, end it, and remove it."),
  VIRTUAL_MEMORY(
      "the kernel's virtual memory: vmalloc(), stacks of threads, BPF programs, modules",
      "loads_and_unloads",
      "Load what your product loads into the kernel, and unload it; start and end its threads."),
  PACKET(
      "data of sockets on the way; it goes when it is received, or its socket closed",
      "sends_and_receives",
      "Send, receive all of it, and close."),
  PAGE_CACHE(
      "the page cache and the journal, which follow the data of files; not the first to look at",
      "writes_and_deletes_a_file",
      "Write a new file as your product does, and delete it."),
  GENERAL(
      "general-purpose memory: kmalloc() of any kernel code; of a product, its module's own records",
      "runs_the_path_of_the_module",
      "Run the path of your module that allocates records, and its error paths."),
  OTHER(
      "not known here; the kernel's sources name who creates this cache",
      "runs_the_path_under_suspicion",
      "Run the path of your product that is under suspicion.");

  private final String what;
  private final String test;
  private final String body;

  KindText(String what, String test, String body) {
    this.what = what;
    this.test = test;
    this.body = body;
  }

  static KindText of(Kind kind) {
    return valueOf(kind.name());
  }

  /** Returns what allocates from such caches, and what gives it back. */
  String what() {
    return what;
  }

  /** Returns the name of a test. */
  String test() {
    return test;
  }

  /** Returns what its body does. */
  String body() {
    return body;
  }
}
