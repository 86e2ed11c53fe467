package io.github.noslableak.slab;

import io.github.noslableak.kernel.JvmFootprint;
import io.github.noslableak.kernel.KernelProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The running kernel: probed once per JVM, its catalogue read again when caches come or go. */
public final class Kernel {

  private static @Nullable Kernel current;

  private final KernelProfile profile;
  private final Map<List<String>, CacheSelection> selections = new HashMap<>();
  private @Nullable SlabCatalogue catalogue;
  private boolean counted;

  private Kernel(KernelProfile profile) {
    this.profile = profile;
  }

  /** Returns the running kernel. The first call probes it. */
  public static synchronized Kernel current() {
    if (current == null) {
      KernelProfile profile = KernelProfile.probe();
      if (profile.measurable()) {
        JvmFootprint.complete();
      }
      current = new Kernel(profile);
    }
    return current;
  }

  /** Returns what this kernel and these rights allow. */
  public KernelProfile profile() {
    return profile;
  }

  /**
   * Returns whether this is the first count of this JVM, which should be thorough: nobody may have
   * dropped this machine's caches for days.
   */
  public synchronized boolean isFirstCount() {
    boolean first = !counted;
    counted = true;
    return first;
  }

  /**
   * Finds what the patterns stand for now.
   *
   * @throws UnknownCacheException if one of them stands for nothing here
   * @see SlabCatalogue#select
   */
  public synchronized CacheSelection select(Collection<String> patterns) {
    SlabCatalogue known = catalogue;
    if (known == null || isOutdated(known)) {
      known = read();
      catalogue = known;
      selections.clear();
    }
    // To match them all takes longer than to count.
    return selections.computeIfAbsent(List.copyOf(patterns), known::select);
  }

  /** Forgets the catalogue, so that the next selection reads it again. */
  public synchronized void forgetCatalogue() {
    catalogue = null;
    selections.clear();
  }

  /** A module that comes or goes brings or takes names. Listing them costs no inode and no link. */
  private boolean isOutdated(SlabCatalogue known) {
    if (profile.allocator() == KernelProfile.Allocator.SLAB) {
      return true;
    }
    Set<String> names = new HashSet<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(KernelProfile.SLAB)) {
      entries.forEach(entry -> names.add(entry.getFileName().toString()));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + KernelProfile.SLAB, e);
    }
    return !names.equals(known.entries());
  }

  private SlabCatalogue read() {
    if (profile.allocator() != KernelProfile.Allocator.SLAB) {
      return SlabCatalogue.readFrom(KernelProfile.SLAB);
    }
    try {
      return SlabCatalogue.of(
          SlabInfo.parse(ByteBuffer.wrap(Files.readAllBytes(KernelProfile.SLABINFO))));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + KernelProfile.SLABINFO, e);
    }
  }
}
