package io.github.noslableak;

import io.github.noslableak.evidence.FollowedReferences;
import io.github.noslableak.junit.PublishedReport;
import io.github.noslableak.kernel.KernelFileException;
import io.github.noslableak.mount.MountUsers;
import io.github.noslableak.mount.PrivateFileSystem;
import io.github.noslableak.mount.Use;
import io.github.noslableak.report.MountReport;
import io.github.noslableak.report.MountSearch;
import io.github.noslableak.report.MountUser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A directory mounted for one test, or for the tests of a class, until its store's end. */
@SuppressWarnings(
    "deprecation") // CloseableResource: closed also where the user switched off AutoCloseable.
final class MountedDirectory implements ExtensionContext.Store.CloseableResource, AutoCloseable {

  private static final int SMALLEST_EXT4 = 8;

  private final PrivateMount.Type type;
  private final PrivateFileSystem fileSystem;
  private final PrivateMounts mounts;
  private final FollowedReferences references;

  private MountedDirectory(
      PrivateMount.Type type,
      PrivateFileSystem fileSystem,
      PrivateMounts mounts,
      FollowedReferences references) {
    this.type = type;
    this.fileSystem = fileSystem;
    this.mounts = mounts;
    this.references = references;
  }

  /**
   * Mounts.
   *
   * @param mounts those of the same context
   * @param modules the kernel modules whose references are followed, empty for all; nothing where
   *     none are to be
   * @throws IllegalArgumentException if the size makes no file system
   * @throws SlabUnmeasurableException if it cannot be mounted here
   */
  static MountedDirectory open(
      PrivateMount annotation, PrivateMounts mounts, Optional<List<String>> modules) {
    int mebibytes = annotation.mebibytes();
    boolean ext4 = annotation.type() == PrivateMount.Type.EXT4;
    int smallest = ext4 ? SMALLEST_EXT4 : 1;
    if (mebibytes < smallest) {
      throw new IllegalArgumentException(
          "mebibytes should be at least "
              + smallest
              + " for "
              + label(annotation.type())
              + ", but is "
              + mebibytes);
    }
    long bytes = mebibytes * 1024L * 1024L;
    try {
      return new MountedDirectory(
          annotation.type(),
          ext4 ? PrivateFileSystem.mountExt4(bytes) : PrivateFileSystem.mountTmpfs(bytes),
          mounts,
          modules.map(FollowedReferences::open).orElseGet(FollowedReferences::none));
    } catch (IOException | UncheckedIOException e) {
      throw new SlabUnmeasurableException(
          "NoSlabLeak could not mount "
              + label(annotation.type())
              + ", so leaked references would go unseen: "
              + e.getMessage(),
          e);
    }
  }

  private static String label(PrivateMount.Type type) {
    return type.name().toLowerCase(Locale.ROOT);
  }

  Path directory() {
    return fileSystem.directory();
  }

  @Override
  public void close() throws KernelFileException {
    try (fileSystem;
        references) {
      if (!mounts.haveFailed()) {
        judge(mounts.linger());
      }
    }
  }

  private void judge(Duration linger) throws KernelFileException {
    long start = System.nanoTime();
    if (fileSystem.unmount(linger)) {
      return;
    }
    Duration tried = Duration.ofNanos(System.nanoTime() - start);
    MountUsers users = MountUsers.of(directory());
    if (fileSystem.unmount(Duration.ZERO)) {
      return; // Whoever used it let go of it while being searched for.
    }
    MountReport report =
        new MountReport(
            directory() + " (" + label(type) + ")",
            tried,
            reported(users.users()),
            reported(users.undelivered()),
            new MountSearch(
                users.processes(),
                users.namespaces(),
                users.hidden(),
                users.stuck(),
                users.inPidNamespace()),
            references.unreturned());
    throw PublishedReport.withoutStack(
        new MountLeakError(report.text(), report.isLeakedReference()));
  }

  private static List<MountUser> reported(List<MountUsers.User> users) {
    long self = ProcessHandle.current().pid();
    return users.stream()
        .map(
            user ->
                new MountUser(
                    user.processId(),
                    user.name(),
                    user.processId() == self,
                    user.uses().stream().map(MountedDirectory::reported).toList()))
        .toList();
  }

  private static MountUser.Use reported(Use use) {
    return new MountUser.Use(MountUser.How.valueOf(use.how().name()), use.by(), use.what());
  }
}
