package io.github.noslableak.object;

import io.github.noslableak.kernel.Btf;
import io.github.noslableak.kernel.KernelMemory;
import io.github.noslableak.kernel.KernelProfile;
import io.github.noslableak.kernel.MountInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Says what the objects of some slab caches are: it reads them where they lie, by the layouts that
 * the running kernel carries of itself.
 *
 * <p>An object may be freed, and its memory used again, while it is looked at: whoever asks must
 * know that it was alive afterwards too.
 */
public final class ObjectReader implements AutoCloseable {

  private static final String DENTRY = "dentry";

  /** The cache of open files. */
  public static final String FILE = "filp";

  private static final String MOUNT = "mnt_cache";
  private static final String SOCKET = "sock_inode_cache";
  private static final String NAMESPACE = "net_namespace";

  private static final int LONGEST_SOURCE = 256;

  private final KernelMemory memory;
  private final Fields fields;
  private final Inodes inodes;
  private final Names names;
  private final Sockets sockets;

  private ObjectReader(KernelMemory memory, Btf btf, MountInfo mounts) {
    this.memory = memory;
    this.fields = new Fields(memory, btf);
    this.inodes = new Inodes(fields);
    this.names = new Names(fields, inodes, mounts);
    this.sockets = new Sockets(fields);
  }

  /**
   * Opens this kernel's memory, and reads how it is laid out, in about a tenth of a second.
   *
   * @throws IOException if one of these cannot be had
   * @throws io.github.noslableak.kernel.MalformedKernelDataException if the layouts have another
   *     form
   */
  public static ObjectReader open() throws IOException {
    return of(KernelMemory.open());
  }

  /**
   * Reads how this kernel's memory is laid out.
   *
   * @param memory closed with this, and where this fails
   * @throws IOException if the layouts cannot be had
   * @throws io.github.noslableak.kernel.MalformedKernelDataException if they have another form
   */
  public static ObjectReader of(KernelMemory memory) throws IOException {
    try {
      MountInfo mounts = MountInfo.of(KernelProfile.PROC.resolve("thread-self"));
      return new ObjectReader(memory, Btf.ofKernel(), mounts);
    } catch (IOException | RuntimeException e) {
      memory.close();
      throw e;
    }
  }

  /** Returns whether objects of a cache can be told from each other. */
  public static boolean knows(String cache) {
    return Set.of(DENTRY, FILE, MOUNT, SOCKET, NAMESPACE, "inode_cache").contains(cache)
        || Structures.inodeIn(cache).isPresent()
        || Structures.isOfProtocol(cache);
  }

  /**
   * Reads the object of a cache at an address.
   *
   * @return what it is; empty where that cannot be told
   */
  public Optional<Decoded> read(String cache, long address) {
    try {
      if (Structures.isOfProtocol(cache)) {
        return Optional.of(
            new Decoded(
                sockets.says(address),
                OptionalLong.of(sockets.references(address)),
                Optional.empty()));
      }
      return switch (cache) {
        case DENTRY -> Optional.of(dentry(address));
        case FILE -> Optional.of(file(address));
        case SOCKET -> Optional.of(socket(address));
        case MOUNT -> Optional.of(mount(address));
        case NAMESPACE -> Optional.of(namespace(address));
        case "inode_cache" -> Optional.of(inode(address));
        default -> ofFileSystem(cache, address);
      };
    } catch (Unreadable e) {
      return Optional.empty();
    }
  }

  /**
   * Searches for what points at some objects, from outside of them.
   *
   * @param objects where they lie, with their caches' names; at least one
   * @param limit how long it may take
   * @throws IOException if this kernel does not let it be known where its memory is
   */
  public Pointers pointersTo(Map<Long, String> objects, Duration limit) throws IOException {
    return PointerSearch.search(memory, fields, objects, limit);
  }

  /**
   * Returns the numbers of the processes that have one of some open files among their descriptors.
   *
   * @param files where they lie: objects of {@code filp}
   * @param limit how long it may take
   * @return empty where not all processes could be looked at, as while they come and go
   */
  public Optional<Set<Integer>> processesWith(Set<Long> files, Duration limit) {
    try {
      long end = System.nanoTime() + limit.toNanos();
      return Optional.of(new OpenFileTables(memory, fields, end).processesWith(files));
    } catch (Unreadable e) {
      return Optional.empty();
    }
  }

  private Decoded dentry(long address) throws Unreadable {
    long inode = fields.pointer(address, "dentry", "d_inode");
    return new Decoded(
        names.of(address),
        OptionalLong.of(fields.number32(address, "dentry", "d_lockref.count")),
        inode == 0 ? Optional.empty() : Optional.of(inodes.node(inode)));
  }

  private Decoded file(long address) throws Unreadable {
    long inode = fields.pointer(address, "file", "f_inode");
    long dentry = fields.pointer(address, "file", "f_path.dentry");
    if (inode == 0 || dentry == 0) {
      throw new Unreadable("a file that is being opened or closed");
    }
    // Since 6.13 what is kept is one less than there are (include/linux/file_ref.h).
    long references =
        fields.has("file", "f_ref.refcnt")
            ? fields.number64(address, "file", "f_ref.refcnt") + 1
            : fields.number64(address, "file", "f_count");
    return new Decoded(
        names.of(dentry), OptionalLong.of(references), Optional.of(inodes.node(inode)));
  }

  private Decoded inode(long address) throws Unreadable {
    return new Decoded(
        inodes.typeOf(address) + " inode " + inodes.number(address),
        OptionalLong.of(inodes.references(address)),
        Optional.of(inodes.node(address)));
  }

  private Optional<Decoded> ofFileSystem(String cache, long address) throws Unreadable {
    Optional<String> found = Structures.inodeIn(cache);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    String place = found.get();
    int dot = place.indexOf('.');
    return Optional.of(
        inode(address + fields.offset(place.substring(0, dot), place.substring(dot + 1))));
  }

  private Decoded socket(long address) throws Unreadable {
    long inode = address + fields.offset("socket_alloc", "vfs_inode");
    long sock = fields.pointer(address, "socket", "sk");
    String name = "socket:[" + inodes.number(inode) + "]";
    return new Decoded(
        sock == 0 ? name + " (released)" : name + " " + sockets.says(sock),
        OptionalLong.of(inodes.references(inode)),
        Optional.of(inodes.node(inode)));
  }

  private Decoded mount(long address) throws Unreadable {
    long superBlock = fields.pointer(address, "mount", "mnt.mnt_sb");
    long source = fields.pointer(address, "mount", "mnt_devname");
    String name = source == 0 ? "none" : fields.text(source, LONGEST_SOURCE);
    long parent = fields.pointer(address, "mount", "mnt_parent");
    String on =
        parent == address
            ? ""
            : " on " + names.of(fields.pointer(address, "mount", "mnt_mountpoint"));
    return new Decoded(
        inodes.type(superBlock) + " " + name + on, OptionalLong.empty(), Optional.empty());
  }

  private Decoded namespace(long address) throws Unreadable {
    long number = Integer.toUnsignedLong(fields.number32(address, "net", "ns.inum"));
    return new Decoded("net:[" + number + "]", OptionalLong.empty(), Optional.empty());
  }

  @Override
  public void close() {
    memory.close();
  }
}
