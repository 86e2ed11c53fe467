package io.github.noslableak.engine;

import io.github.noslableak.books.Accounting;
import io.github.noslableak.books.Books;
import io.github.noslableak.books.KernelAccounting;
import io.github.noslableak.evidence.Evidence;
import io.github.noslableak.evidence.Followed;
import io.github.noslableak.kernel.KernelProfile;
import io.github.noslableak.kernel.LockTimeoutException;
import io.github.noslableak.kernel.LockedFromWithinException;
import io.github.noslableak.kernel.MachineLock;
import io.github.noslableak.kernel.MalformedKernelDataException;
import io.github.noslableak.kernel.Measurer;
import io.github.noslableak.proc.Companion;
import io.github.noslableak.slab.CacheSelection;
import io.github.noslableak.slab.Kernel;
import io.github.noslableak.slab.SlabCache;
import io.github.noslableak.verdict.Terms;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What one measurement works with, from its turn on this machine to its end.
 *
 * <p>Everything that counting itself allocates is allocated when this is opened and freed when it
 * is closed.
 *
 * @param exact whether the counters are exact on this kernel
 * @param selection the caches that are watched
 * @param selectionNow asks again which they are
 * @param accounting counts
 * @param evidence looks around
 * @param held what is given back in the end
 */
record Workplace(
    boolean exact,
    CacheSelection selection,
    Supplier<CacheSelection> selectionNow,
    Accounting accounting,
    Evidence evidence,
    Held held)
    implements AutoCloseable {

  /** What was opened, to be closed in reverse. */
  static final class Held implements AutoCloseable {

    private final Deque<Closing> opened = new ArrayDeque<>();

    interface Closing {
      void close() throws IOException;
    }

    void add(Closing closing) {
      opened.push(closing);
    }

    /** Closes all, also where one of them fails. A second call does nothing. */
    @Override
    public void close() {
      RuntimeException failure = null;
      Error error = null;
      while (!opened.isEmpty()) {
        try {
          opened.pop().close();
        } catch (IOException e) {
          failure = new UncheckedIOException("cannot release the lock of this machine", e);
        } catch (RuntimeException e) {
          failure = e;
        } catch (Error e) { // Such as a full heap: the rest is closed all the same.
          error = e;
        }
      }
      if (error != null) {
        throw error;
      }
      if (failure != null) {
        throw failure;
      }
    }
  }

  /**
   * Waits for its turn on this machine and opens what is needed.
   *
   * @throws Unmeasurable if slab objects cannot be counted here
   * @throws IllegalArgumentException if a cache is unknown
   */
  static Workplace open(Plan plan, Settings settings) {
    Kernel kernel = Unmeasurable.measured(Kernel::current);
    KernelProfile profile = kernel.profile();
    if (!profile.measurable()) {
      throw Unmeasurable.because(profile.obstacles());
    }
    Held held = new Held();
    try {
      held.add(lock(plan, settings.lockTimeout())::close);
      return open(plan, settings, kernel, held);
    } catch (IOException e) {
      held.close();
      kernel.forgetCatalogue(); // A cache may have gone with its module.
      throw Unmeasurable.because(e);
    } catch (UncheckedIOException | MalformedKernelDataException e) {
      held.close();
      throw Unmeasurable.because(e);
    } catch (RuntimeException | Error e) {
      held.close();
      throw e;
    }
  }

  private static Workplace open(Plan plan, Settings settings, Kernel kernel, Held held)
      throws IOException {
    KernelProfile profile = kernel.profile();
    CacheSelection selection = kernel.select(plan.caches());
    boolean first = kernel.isFirstCount();
    if (first) {
      Companion.start();
      Leftovers.remove();
    }
    boolean follows = plan.following() != Following.NEVER;
    Accounting accounting =
        KernelAccounting.of(
            profile,
            selection.watched(),
            new KernelAccounting.Ledger(follows, settings.traceBufferKib(), plan.processes()),
            first);
    held.add(accounting::close);
    Evidence evidence =
        Evidence.open(
            profile,
            selection.watched(),
            new Evidence.Wanted(
                follows ? Optional.of(plan.modules()) : Optional.empty(), settings.javaStacks()),
            first);
    held.add(evidence::close);
    return new Workplace(
        profile.allocator().exact(),
        selection,
        () -> kernel.select(plan.caches()),
        accounting,
        evidence,
        held);
  }

  // The announcement is for whoever watches the build wait; JUnit has no channel for it here.
  @SuppressWarnings("SystemOut")
  private static MachineLock lock(Plan plan, Duration timeout) {
    try {
      return MachineLock.acquire(
          new Measurer(plan.name(), plan.alone()), timeout, System.err::println);
    } catch (LockTimeoutException e) {
      throw Unmeasurable.because(
          e.getMessage()
              + "; measure one thing at a time, or set "
              + Settings.LOCK_TIMEOUT
              + " above "
              + timeout.toSeconds()
              + " s",
          e);
    } catch (LockedFromWithinException e) {
      throw Unmeasurable.because(e);
    } catch (IOException e) {
      throw Unmeasurable.because("the lock of this machine cannot be taken: " + e, e);
    }
  }

  /** Tells the evidence what running the body again left, before any of that goes away. */
  Suspicion confirmed(Reran reran) {
    evidence.ran(
        left(
            reran.books(),
            selection.watched().stream().map(SlabCache::name).collect(Collectors.toSet())));
    return new Suspicion.Confirmed(reran);
  }

  /** Returns where what is left of some caches lies, as far as books tell. */
  static Set<Followed.At> left(Books books, Set<String> caches) {
    return books.left(caches).stream()
        .map(left -> new Followed.At(left.cache(), left.address(), left.task(), left.time()))
        .collect(Collectors.toSet());
  }

  /** Returns what the watched caches are judged by. */
  Terms terms(Plan plan) {
    return terms(plan, selection);
  }

  /**
   * Returns the same as the caches are by then: others may share their slabs.
   *
   * @throws io.github.noslableak.slab.UnknownCacheException if one is gone
   */
  Terms termsNow(Plan plan) {
    return terms(plan, selectionNow.get());
  }

  private Terms terms(Plan plan, CacheSelection of) {
    return new Terms(
        plan.iterations(), of.watched().stream().map(cache -> terms(plan, cache)).toList());
  }

  private Terms.Cache terms(Plan plan, SlabCache cache) {
    long slotBytes = evidence.slotBytes(cache);
    return new Terms.Cache(
        cache.name(),
        plan.tolerances().objectsFor(cache.name(), plan.iterations(), slotBytes),
        slotBytes,
        Set.copyOf(cache.aliases()));
  }

  @Override
  public void close() {
    held.close();
  }
}
