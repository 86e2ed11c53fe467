package io.github.noslableak.trace.ref;

import io.github.noslableak.kernel.KernelFile;
import io.github.noslableak.kernel.MalformedKernelDataException;
import io.github.noslableak.kernel.Obstacle;
import io.github.noslableak.kernel.TraceFileSystem;
import io.github.noslableak.proc.ProcessScan;
import io.github.noslableak.trace.EventFormat;
import io.github.noslableak.trace.EventReader;
import io.github.noslableak.trace.KernelSymbols;
import io.github.noslableak.trace.Marks;
import io.github.noslableak.trace.PageLayout;
import io.github.noslableak.trace.TraceInstance;
import io.github.noslableak.trace.ref.ReferenceFunction.Family;
import io.github.noslableak.trace.ref.ReferenceFunction.Machine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Records from its opening to its closing which references on dentries, mounts and files the
 * functions of kernel modules take and return, and balances them, so that it can name who did not
 * return one. The stack that allocated a leaked dentry is that of the innocent open().
 *
 * <p>Calls from the kernel itself are not recorded. So a reference that a module leaves to the
 * kernel to be returned looks as if it were missing, as does one that the last instruction of a
 * function returns by jumping where it should call; and one that the kernel took for the module, as
 * kern_path() does, is not missed. It is evidence beside a leak that was counted, and no verdict.
 *
 * <p>The events are probes on functions of the kernel (kprobes), recorded in an instance of the
 * kernel's tracing; both are made for this and removed again. A thread reads them as they come. All
 * that is here is thread-safe.
 */
public final class ReferenceLedger implements AutoCloseable {

  private static final Path MODULES = Path.of("/proc/modules");

  private static final int BUFFER_KIB = 1024;

  private final List<String> modules;
  private final TraceInstance instance;
  private final ProbeGroup probes;
  private final KernelSymbols symbols;
  private final References books;
  private final EventReader reader;

  private ReferenceLedger(
      List<String> modules,
      TraceInstance instance,
      ProbeGroup probes,
      KernelSymbols symbols,
      PageLayout layout,
      References books) {
    this.modules = modules;
    this.instance = instance;
    this.probes = probes;
    this.symbols = symbols;
    this.books = books;
    this.reader =
        new EventReader(
            "noslableak-references", instance, layout, books, new Marks(), this::release);
  }

  private void release() {
    close(instance, probes, symbols);
  }

  /**
   * Returns why no ledger can be kept here, with the remedy; empty if one can.
   *
   * @param modules the names of the modules to follow; empty for all
   */
  public static Optional<Obstacle> obstacle(List<String> modules) {
    if (!System.getProperty("os.name", "").equals("Linux")) {
      return Optional.of(
          new Obstacle("references are recorded on Linux", "run these tests on a Linux VM"));
    }
    if (Machine.of(System.getProperty("os.arch", "")).isEmpty()) {
      return Optional.of(
          new Obstacle(
              "references are recorded on x86-64 and arm64", "run these tests on such a VM"));
    }
    if (ProcessScan.isInPidNamespace()) {
      return Optional.of(
          new Obstacle(
              "this process has a PID namespace of its own, in which it cannot tell what dead"
                  + " processes left in the kernel's tracing",
              "run the container with: docker run --privileged --pid=host"));
    }
    try {
      Path root = TraceFileSystem.root();
      Path events = ProbeGroup.file(root);
      if (!Files.exists(events)) {
        return Optional.of(
            new Obstacle(
                "this kernel has no kprobes, by which references are followed",
                "run these tests on a kernel with CONFIG_KPROBE_EVENTS, as those of Debian, Ubuntu,"
                    + " RHEL and SUSE are, in a VM if need be"));
      }
      if (!Files.isWritable(events) || !Files.isWritable(root.resolve("instances"))) {
        return Optional.of(
            new Obstacle("cannot write " + events, "run the build as root: sudo -E mvn verify"));
      }
      List<KernelModule> loaded = KernelModule.parse(Files.readAllLines(MODULES));
      return obstacle(loaded, modules);
    } catch (IOException | MalformedKernelDataException e) {
      return Optional.of(
          new Obstacle(
              "the kernel's tracing cannot be used (" + e.getMessage() + ")",
              "run the build as root on a kernel with CONFIG_KPROBE_EVENTS"));
    }
  }

  /** Returns why these modules cannot be followed among those that are loaded. */
  static Optional<Obstacle> obstacle(List<KernelModule> loaded, List<String> modules) {
    List<String> names = loaded.stream().map(KernelModule::name).toList();
    List<String> missing = modules.stream().filter(name -> !names.contains(name)).toList();
    if (loaded.isEmpty() || !missing.isEmpty()) {
      return Optional.of(
          new Obstacle(
              loaded.isEmpty()
                  ? "no kernel module is loaded, and the kernel's own references are not followed"
                  : "no kernel module " + String.join(", ", missing) + " is loaded",
              "load the product's module before the test; lsmod lists those that are"));
    }
    if (chosen(loaded, modules).stream().anyMatch(module -> module.address() == 0)) {
      return Optional.of(
          new Obstacle(
              "the kernel hides the addresses of its modules",
              "run the build as root, with: sysctl kernel.kptr_restrict=1"));
    }
    return Optional.empty();
  }

  private static List<KernelModule> chosen(List<KernelModule> loaded, List<String> modules) {
    return loaded.stream()
        .filter(module -> modules.isEmpty() || modules.contains(module.name()))
        .toList();
  }

  /**
   * Starts to record.
   *
   * @param modules the names of the modules to follow, which must be loaded; empty for all that are
   * @throws IOException if this kernel or these rights do not allow it; {@link #obstacle} tells
   *     beforehand
   * @throws MalformedKernelDataException if this kernel's events have an unknown form
   */
  public static ReferenceLedger open(List<String> modules) throws IOException {
    Machine machine =
        Machine.of(System.getProperty("os.arch", ""))
            .orElseThrow(() -> new IOException("references are recorded on x86-64 and arm64"));
    List<KernelModule> followed = chosen(KernelModule.parse(Files.readAllLines(MODULES)), modules);
    if (followed.isEmpty()) {
      throw new IOException("no kernel module to follow is loaded: " + modules);
    }
    Path root = TraceFileSystem.root();
    KernelSymbols symbols = KernelSymbols.open();
    TraceInstance instance = null;
    ProbeGroup probes = null;
    ReferenceLedger ledger;
    List<KernelFile> switches = new ArrayList<>();
    try {
      instance = TraceInstance.create(root, BUFFER_KIB);
      probes = ProbeGroup.create(root);
      Map<ReferenceFunction, EventFormat> formats = probe(root, probes, machine);
      for (ReferenceFunction function : formats.keySet()) {
        Optional<String> filter =
            Optional.of(KernelModule.filter(function.callerField(), followed));
        switches.add(instance.prepare(probes.name() + "/" + function.symbol(), filter).enable());
      }
      PageLayout layout = instance.layout();
      References books = new References(formats);
      ledger = new ReferenceLedger(modules, instance, probes, symbols, layout, books);
    } catch (IOException | RuntimeException e) {
      close(instance, probes, symbols);
      throw e;
    }
    try {
      ledger.start(switches);
    } catch (RuntimeException e) {
      ledger.close();
      throw e;
    }
    return ledger;
  }

  /** Makes an event for each function that this kernel has, where it has its counterpart too. */
  private static Map<ReferenceFunction, EventFormat> probe(
      Path root, ProbeGroup probes, Machine machine) throws IOException {
    Map<ReferenceFunction, EventFormat> formats = new EnumMap<>(ReferenceFunction.class);
    for (boolean takes : new boolean[] {false, true}) {
      Set<Family> returned = EnumSet.noneOf(Family.class);
      formats.keySet().forEach(function -> returned.add(function.family()));
      for (ReferenceFunction function : ReferenceFunction.values()) {
        if (function.takes() == takes
            && (!takes || returned.contains(function.family()))
            && probes.add(function, machine)) {
          TraceInstance.format(root, probes.name() + "/" + function.symbol())
              .ifPresent(format -> formats.put(function, format));
        }
      }
    }
    if (formats.keySet().stream().noneMatch(ReferenceFunction::takes)) {
      throw new IOException("the kernel allows no probe on a function that takes references");
    }
    return formats;
  }

  private void start(List<KernelFile> switches) {
    reader.willStart();
    instance.start();
    reader.start();
    switches.forEach(file -> file.write("1"));
  }

  /**
   * Reads all that was recorded until now and says what is missing. To be asked when everything
   * that the test closed had time to be freed.
   *
   * @throws IllegalStateException if the ledger is closed
   * @throws MalformedKernelDataException if what the kernel recorded has not the documented form
   * @throws java.io.UncheckedIOException if the kernel does not let it be read
   */
  public ReferenceBalance balance() {
    return reader.ask(() -> books.balance(reader.lost() + missed(), symbols::find, modules));
  }

  private long missed() {
    try {
      return probes.missed();
    } catch (IOException e) {
      throw new UncheckedIOException("the kernel does not say which calls it missed", e);
    }
  }

  private static void close(
      @Nullable TraceInstance instance, @Nullable ProbeGroup probes, KernelSymbols symbols) {
    // In this order: an event that is switched on cannot be removed.
    if (instance != null) {
      instance.close();
    }
    if (probes != null) {
      probes.close();
    }
    symbols.close();
  }

  /** Stops recording and removes everything from the kernel. A second call does nothing. */
  @Override
  public void close() {
    reader.close();
  }
}
