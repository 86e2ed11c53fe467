package io.github.noslableak.trace;

import io.github.noslableak.kernel.Captures;
import io.github.noslableak.trace.alloc.EventFormats;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/** The forms of events as two kernels gave them. */
public final class Formats {

  /** Allocations name their cache. */
  public static final EventFormats V6_18 =
      EventFormats.of(
          Stream.of(
                  "kmem_cache_alloc",
                  "kmem_cache_free",
                  "kmalloc",
                  "kfree",
                  "task_newtask",
                  "sched_process_exec",
                  "kernel_stack")
              .map(event -> EventFormat.parse(text("vm-6.18/trace/fmt." + event + ".txt")))
              .toList());

  /** Allocations do not. */
  public static final EventFormats V6_1 =
      EventFormats.of(
          Stream.of("kmem_cache_alloc", "kmem_cache_free", "kmalloc", "kfree")
              .map(event -> EventFormat.parse(text("debian-6.1/fmt." + event + ".txt")))
              .toList());

  public static final PageLayout LAYOUT =
      PageLayout.parse(
          text("vm-6.18/trace/header_page.txt"), text("vm-6.18/trace/header_event.txt"));

  private Formats() {}

  public static String text(String file) {
    return new String(Captures.bytes(file), StandardCharsets.UTF_8);
  }
}
