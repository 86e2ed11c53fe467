package io.github.noslableak.evidence;

import io.github.noslableak.kernel.Digits;
import io.github.noslableak.kernel.KernelFile;
import io.github.noslableak.kernel.KernelFileException;
import io.github.noslableak.kernel.KernelProfile;
import io.github.noslableak.kernel.MalformedKernelDataException;
import io.github.noslableak.slab.SlabInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What else of the machine is read beside the watched caches, to explain a finding and never to
 * make one. Its descriptors too are open from before the first measurement.
 */
public final class Surroundings implements AutoCloseable {

  /**
   * One look at the machine.
   *
   * @param memory the slab figures of /proc/meminfo
   * @param activeObjects objects by cache, from /proc/slabinfo, not exact
   * @param slotBytes bytes of a slot by cache
   * @param openFiles open files of all processes and of the kernel itself, from
   *     /proc/sys/fs/file-nr
   * @param mounts the lines of /proc/thread-self/mountinfo, for a thread may have mounts of its own
   */
  public record View(
      MemInfo memory,
      Map<String, Long> activeObjects,
      Map<String, Long> slotBytes,
      long openFiles,
      List<String> mounts) {

    /**
     * Returns the mount points that are here and were not before, with their file system's type. A
     * mount with other options than before is the same mount: its number tells.
     */
    public List<String> mountedSince(View before) {
      Set<String> known = before.mounts.stream().map(View::identity).collect(Collectors.toSet());
      return mounts.stream()
          .filter(line -> !known.contains(identity(line)))
          .map(View::describeMount)
          .toList();
    }

    /** The mount's number, which may be used again, and its mount point. */
    private static String identity(String line) {
      String[] fields = fields(line);
      return fields[0] + " " + fields[4];
    }

    private static String[] fields(String line) {
      String[] fields = line.split(" ", -1);
      if (fields.length < 6) {
        throw new MalformedKernelDataException("mountinfo has a line \"" + line + "\"");
      }
      return fields;
    }

    /**
     * Names a line of mountinfo by mount point and type (proc(5)).
     *
     * <pre>{@code
     * 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
     * }</pre>
     */
    static String describeMount(String line) {
      String[] fields = fields(line);
      int separator = List.of(fields).indexOf("-");
      if (separator < 0 || separator + 1 >= fields.length) {
        throw new MalformedKernelDataException("mountinfo has a line \"" + line + "\"");
      }
      return fields[4] + " (" + fields[separator + 1] + ")";
    }
  }

  private final KernelFile slabinfo;
  private final KernelFile meminfo;
  private final KernelFile fileNr;
  private final KernelFile mountinfo;

  private Surroundings(List<KernelFile> opened) {
    this.slabinfo = opened.get(0);
    this.meminfo = opened.get(1);
    this.fileNr = opened.get(2);
    this.mountinfo = opened.get(3);
  }

  /**
   * Opens the files.
   *
   * @throws KernelFileException if one cannot be opened
   */
  public static Surroundings open() throws KernelFileException {
    List<KernelFile> opened = new ArrayList<>();
    try {
      opened.add(KernelFile.openForReading(KernelProfile.SLABINFO, 64 * 1024));
      for (String name : List.of("meminfo", "sys/fs/file-nr", "thread-self/mountinfo")) {
        opened.add(KernelFile.openForReading(KernelProfile.PROC.resolve(name), 4 * 1024));
      }
    } catch (KernelFileException e) {
      opened.forEach(KernelFile::close);
      throw e;
    }
    return new Surroundings(opened);
  }

  /** Reads all four files. */
  public View look() {
    SlabInfo info = SlabInfo.parse(slabinfo.read());
    return new View(
        MemInfo.parse(meminfo.readText().lines().toList()),
        info.activeObjects(),
        info.slotBytes(),
        Digits.parse(fileNr.read(), "file-nr"),
        mountinfo.readText().lines().toList());
  }

  @Override
  public void close() {
    List.of(slabinfo, meminfo, fileNr, mountinfo).forEach(KernelFile::close);
  }
}
