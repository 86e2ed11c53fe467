package io.github.noslableak.kernel;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;

/** Where a JVM looks for the limits of its control group. */
final class ControlGroups {

  /** What HotSpot reads of the versions 1 and 2 (os/linux/cgroupV1Subsystem_linux, cgroupV2...). */
  private static final List<String> LIMITS =
      List.of(
          "memory.limit_in_bytes",
          "memory.soft_limit_in_bytes",
          "memory.memsw.limit_in_bytes",
          "memory.memsw.usage_in_bytes",
          "memory.usage_in_bytes",
          "memory.max_usage_in_bytes",
          "memory.stat",
          "memory.swappiness",
          "memory.use_hierarchy",
          "memory.max",
          "memory.high",
          "memory.low",
          "memory.current",
          "memory.peak",
          "memory.swap.max",
          "memory.swap.current",
          "cpu.cfs_quota_us",
          "cpu.cfs_period_us",
          "cpu.shares",
          "cpu.max",
          "cpu.weight",
          "cpuset.cpus",
          "cpuset.mems",
          "pids.max",
          "pids.current");

  private ControlGroups() {}

  /**
   * Returns the files that may hold limits, whether they exist or not.
   *
   * <pre>{@code
   * 5:memory:/some/group                                              /proc/self/cgroup, version 1
   * 0::/some/group                                                    version 2
   * 31 24 0:26 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory   /proc/self/mountinfo
   * }</pre>
   */
  static Collection<Path> limits(List<String> cgroup, List<String> mountinfo) {
    Collection<Path> files = new LinkedHashSet<>();
    for (Path directory : directories(cgroup, mountinfo)) {
      LIMITS.forEach(limit -> files.add(directory.resolve(limit)));
    }
    return files;
  }

  private static Collection<Path> directories(List<String> cgroup, List<String> mountinfo) {
    Collection<Path> directories = new LinkedHashSet<>();
    for (String mount : mountinfo) {
      List<String> fields = List.of(mount.split(" ", -1));
      int separator = fields.indexOf("-");
      if (separator < 5 || !fields.get(separator + 1).startsWith("cgroup")) {
        continue;
      }
      Path mountPoint = Path.of(fields.get(4));
      directories.add(mountPoint); // In a container the group itself is mounted here.
      for (String group : groups(cgroup)) {
        directories.add(mountPoint.resolve(group.substring(1)));
      }
    }
    return directories;
  }

  private static List<String> groups(List<String> cgroup) {
    List<String> groups = new ArrayList<>();
    for (String line : cgroup) {
      String[] fields = line.split(":", 3);
      if (fields.length == 3 && fields[2].startsWith("/")) {
        groups.add(fields[2]);
      }
    }
    return groups;
  }
}
