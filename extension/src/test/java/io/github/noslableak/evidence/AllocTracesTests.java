package io.github.noslableak.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.kernel.Captures;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AllocTracesTests {

  @Test
  void a_capture_is_read_to_the_object() {
    Map<List<String>, Long> objects =
        AllocTraces.parse(
            new String(
                Captures.bytes("debian-6.1-slub_debug/dentry.alloc_traces.txt"),
                StandardCharsets.UTF_8));

    assertThat(objects.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(11_158);
    assertThat(objects.keySet())
        .allSatisfy(stack -> assertThat(stack.get(0)).isEqualTo("__d_alloc"))
        .contains(
            List.of(
                "__d_alloc",
                "d_alloc",
                "d_alloc_parallel",
                "__lookup_slow",
                "lookup_one_len",
                "start_creating",
                "__create_dir",
                "event_create_dir",
                "__trace_early_add_event_dirs",
                "event_trace_init",
                "tracer_init_tracefs_work_func",
                "process_one_work",
                "worker_thread",
                "kthread",
                "ret_from_fork"));
  }

  @Test
  void call_sites_of_one_function_are_joined() {
    assertThat(
            AllocTraces.parse(
                """
                     2 alloc_file+0x1/0x9 age=1/2/3 pid=1 cpus=0
                        alloc_file+0x1/0x9
                        open+0x2/0x9

                     3 alloc_file+0x5/0x9 age=1 pid=1-9 cpus=0-1
                        alloc_file+0x5/0x9
                        open+0x7/0x9
                     4 recurses+0x5/0x9 age=1 pid=1 cpus=0
                        recurses+0x5/0x9
                        recurses+0x7/0x9
                     5 leaky_submit+0x10/0x20 [leaky] age=1 pid=1
                        leaky_submit+0x10/0x20 [leaky]
                        parse_args+0x10/0x20
                """))
        .isEqualTo(
            Map.of(
                List.of("alloc_file", "open"), 5L,
                List.of("recurses", "recurses"), 4L,
                List.of("leaky_submit [leaky]", "parse_args"), 5L));
    assertThat(AllocTraces.parse("No data\n")).isEmpty();
    assertThat(AllocTraces.parse("")).isEmpty();
  }

  @Test
  void what_became_more_is_told_most_first() {
    AllocTraces before =
        new AllocTraces(Map.of("dentry", Map.of(List.of("a"), 5L, List.of("b"), 9L)));
    AllocTraces now =
        new AllocTraces(
            Map.of(
                "dentry", Map.of(List.of("a"), 7L, List.of("b"), 8L, List.of("c"), 1L),
                "filp", Map.of(List.of("d"), 4L)));

    assertThat(now.since(before))
        .containsExactly(
            new AllocTraces.Growth("filp", 4, List.of("d")),
            new AllocTraces.Growth("dentry", 2, List.of("a")),
            new AllocTraces.Growth("dentry", 1, List.of("c")));
  }
}
