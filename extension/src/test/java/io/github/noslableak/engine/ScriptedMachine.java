package io.github.noslableak.engine;

import io.github.noslableak.books.Accounting;
import io.github.noslableak.books.Allocated;
import io.github.noslableak.books.Books;
import io.github.noslableak.evidence.Evidence;
import io.github.noslableak.evidence.EvidenceSource;
import io.github.noslableak.evidence.Facts;
import io.github.noslableak.evidence.Grown;
import io.github.noslableak.kernel.Obstacle;
import io.github.noslableak.kernel.Pause;
import io.github.noslableak.proc.Owner;
import io.github.noslableak.report.Machine;
import io.github.noslableak.slab.CacheSelection;
import io.github.noslableak.slab.SlabCache;
import io.github.noslableak.slab.SlabCatalogue;
import io.github.noslableak.trace.Frame;
import io.github.noslableak.verdict.Account;
import io.github.noslableak.verdict.Counts;
import io.github.noslableak.verdict.Register;
import io.github.noslableak.verdict.Statement;
import io.github.noslableak.verdict.Whose;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Books of a machine that does what a test scripts: bodies allocate and free by calling it. Neither
 * a kernel nor time is needed.
 */
final class ScriptedMachine implements Accounting {

  private final Map<String, Long> unseen = new HashMap<>();
  private final List<Set<String>> judgements = new ArrayList<>();

  /** An object: its cache, and the period in which it was allocated. */
  private record Slot(String cache, Whose whose, int period) {}

  private static final int BEFORE = -1;

  private final Map<String, Long> before = new TreeMap<>();
  private final Map<String, Long> freedFromBefore = new TreeMap<>();
  private final Map<String, Long> unrest = new TreeMap<>();
  private final List<Slot> alive = new ArrayList<>();
  private final List<Map<String, Long>> openings = new ArrayList<>();
  private final List<Map<String, Long>> closings = new ArrayList<>();
  private final List<String> calls = new ArrayList<>();
  private final List<Grown> asked = new ArrayList<>();
  private final Map<String, Long> perhaps = new TreeMap<>();
  private final Set<String> gone = new java.util.TreeSet<>();
  private final Set<String> shared = new java.util.TreeSet<>();
  private List<String> followed = List.of();
  private final List<Set<String>> cleared = new ArrayList<>();
  private final List<Duration> lingers = new ArrayList<>();
  private Duration naming = Duration.ZERO;
  private Optional<String> unloaded = Optional.empty();
  private boolean traced = true;
  private boolean fromTheStart;
  private Refusal refusal = new Refusal("", 0);
  private Losses losses = new Losses(0, 0);

  private final Set<Integer> lossy = new HashSet<>();
  private boolean heapIsFull;
  private Duration counting = Duration.ZERO;

  /** What the kernel refuses: the call of this name, from this one of its occurrences on. */
  private record Refusal(String call, int occurrence) {}

  private record Losses(long events, int disturbedPeriods) {}

  ScriptedMachine(String... caches) {
    for (String cache : caches) {
      before.put(cache, 100L);
    }
  }

  // What a script does.

  void allocate(String cache, long objects) {
    allocate(cache, objects, Whose.OWN);
  }

  void allocate(String cache, long objects, Whose whose) {
    for (long i = 0; i < objects; i++) {
      alive.add(new Slot(cache, whose, openings.isEmpty() ? BEFORE : openings.size() - 1));
    }
  }

  /** Gives back objects of the test, the last ones first. */
  void free(String cache, long objects) {
    long left = objects;
    for (int i = alive.size() - 1; i >= 0 && left > 0; i--) {
      if (alive.get(i).cache().equals(cache)) {
        alive.remove(i);
        left--;
      }
    }
    before.merge(cache, -left, Long::sum);
    freedFromBefore.merge(cache, left, Long::sum);
  }

  /** From now on the counters of a cache move by themselves by so many objects. */
  void unrest(String cache, long objects) {
    unrest.put(cache, objects);
  }

  /** From now on counting at the end of a period takes so long, as on an emulated processor. */
  void countingTakes(Duration time) {
    counting = time;
  }

  void remove(String cache) {
    gone.add(cache);
  }

  /** From now on the catalogue does not know a cache any more, as when its module was unloaded. */
  void unload(String cache) {
    unloaded = Optional.of(cache);
  }

  /** From now on a cache shares its slabs with another one. */
  void share(String cache) {
    shared.add(cache);
  }

  /**
   * Of so many objects of a cache in each period it is not known whether a collection closed them.
   */
  void perhaps(String cache, long objects) {
    perhaps.put(cache, objects);
  }

  /** Returns what evidence was asked for. */
  List<Grown> asked() {
    return asked;
  }

  ScriptedMachine withoutTracing() {
    traced = false;
    return this;
  }

  /** Each allocation is followed from the start. */
  ScriptedMachine followedFromTheStart() {
    fromTheStart = true;
    return this;
  }

  /** Has naming functions take so long. */
  void namingTakes(Duration time) {
    naming = time;
  }

  /** Returns how long was lingered, each time. */
  List<Duration> lingers() {
    return lingers;
  }

  /** Returns the caches that were told to be cleared, each time. */
  List<Set<String>> cleared() {
    return cleared;
  }

  void refuse(String call, int occurrence) {
    refusal = new Refusal(call, occurrence);
  }

  /** Has no memory left for the call of this name, from this one of its occurrences on. */
  void fillHeap(String call, int occurrence) {
    refuse(call, occurrence);
    heapIsFull = true;
  }

  void lose(long events) {
    losses = new Losses(events, losses.disturbedPeriods());
  }

  /** Has the ledger lack an event of some periods, by their numbers from 0 on. */
  void loseIn(Integer... periods) {
    lossy.addAll(List.of(periods));
  }

  void disturb(int periods) {
    losses = new Losses(losses.events(), periods);
  }

  /** Returns what was called, in order. */
  List<String> calls() {
    return calls;
  }

  long objects(String cache) {
    return before.getOrDefault(cache, 0L)
        + alive.stream().filter(slot -> slot.cache().equals(cache)).count();
  }

  Workplace workplace() {
    return workplace(new Workplace.Held());
  }

  Workplace workplace(Workplace.Held held) {
    return new Workplace(
        true,
        selection(),
        this::selection,
        this,
        new Evidence(List.of(new Recorded()), cache -> 192),
        held);
  }

  private CacheSelection selection() {
    if (unloaded.isPresent()) {
      Map<String, String> directories = new TreeMap<>();
      before.keySet().forEach(cache -> directories.put(cache, cache));
      directories.remove(unloaded.get());
      return new SlabCatalogue(directories).select(before.keySet());
    }
    return new CacheSelection(
        before.keySet().stream()
            .map(
                cache ->
                    new SlabCache(
                        cache,
                        List.of(cache),
                        shared.contains(cache) ? List.of("cred_jar") : List.of()))
            .toList(),
        List.of());
  }

  /** Finds nothing, and says when it was asked to look. */
  private final class Recorded implements EvidenceSource {

    @Override
    public void opening() {
      calls.add("look before");
    }

    @Override
    public void opened() {
      calls.add("look after the count");
    }

    @Override
    public void suspicion(Duration most) {
      calls.add("look under suspicion");
    }

    @Override
    public void rerunning() {
      calls.add("record");
    }

    @Override
    public void reran() {
      calls.add("stop recording");
    }

    @Override
    public void brokeOff() {
      calls.add("break off");
    }

    @Override
    public void facts(Grown grown, Facts facts) {
      calls.add("facts");
      asked.add(grown);
      facts.add(
          new Facts.OfMachine(
              new Machine(
                  "Linux",
                  new Machine.Hardware(1L << 30, 1, Optional.empty()),
                  List.of(),
                  List.of()),
              Optional.empty(),
              List.of(),
              OptionalLong.empty()));
    }
  }

  // The books.

  private void call(String name) {
    calls.add(name);
    if (name.equals(refusal.call())
        && calls.stream().filter(name::equals).count() >= refusal.occurrence()) {
      if (heapIsFull) {
        throw new OutOfMemoryError("Java heap space");
      }
      throw new UncheckedIOException(new IOException("the kernel refuses to " + name));
    }
  }

  private Counts counts(boolean settled) {
    Map<String, Counts.Row> rows = new LinkedHashMap<>();
    for (String cache : before.keySet()) {
      rows.put(
          cache,
          new Counts.Row(
              gone.contains(cache) ? OptionalLong.empty() : OptionalLong.of(objects(cache)),
              unrest.getOrDefault(cache, 0L)));
    }
    return new Counts(rows, settled, 1, Duration.ofMillis(1));
  }

  @Override
  public boolean isFollowed() {
    return fromTheStart;
  }

  @Override
  public Counts countAnew() {
    return countUntilSettled();
  }

  @Override
  public Counts countUntilSettled() {
    call("count");
    return counts(unrest.isEmpty());
  }

  @Override
  public Counts countBriefly(Map<String, Long> ceilings, Duration patience) {
    call("count briefly");
    return counts(!counts(true).exceeds(ceilings));
  }

  @Override
  public Counts countAfterLinger(Map<String, Long> ceilings, Duration linger) {
    call("count after linger");
    lingers.add(linger);
    return counts(!counts(true).exceeds(ceilings));
  }

  @Override
  public Counts countOnce() {
    call("count once");
    return counts(false);
  }

  @Override
  public void clear(Set<String> caches) {
    cleared.add(Set.copyOf(caches));
  }

  @Override
  public Map<String, Long> unseen() {
    return Map.copyOf(unseen);
  }

  @Override
  public void judgeUnseen(Set<String> caches) {
    judgements.add(Set.copyOf(caches));
  }

  /** So many objects came that the ledger should have seen. */
  void unseen(String cache, long objects) {
    unseen.put(cache, objects);
  }

  /** Returns of which caches that was to be judged, each time. */
  List<Set<String>> judgements() {
    return List.copyOf(judgements);
  }

  @Override
  public Books open(List<String> caches, boolean stacks) {
    call(stacks ? "open with stacks" : "open");
    followed = caches;
    return new Scripted();
  }

  @Override
  public void close() {
    calls.add("close");
  }

  private Map<String, Long> now() {
    Map<String, Long> objects = new TreeMap<>();
    before.keySet().forEach(cache -> objects.put(cache, objects(cache)));
    return objects;
  }

  private final class Scripted implements Books {

    @Override
    public Set<Left> left(Set<String> caches) {
      return Set.of();
    }

    @Override
    public void begin() {
      call("begin");
      openings.add(now());
    }

    @Override
    public void resume() {
      call("resume");
    }

    @Override
    public void iteration() {
      call("iteration");
    }

    @Override
    public void end() {
      call("end");
      Pause.of(counting.toNanos());
      closings.add(now());
    }

    @Override
    public int periods() {
      return closings.size();
    }

    @Override
    public void recordStacks() {
      call("record stacks");
    }

    @Override
    public boolean wasDisturbed() {
      return periods() <= losses.disturbedPeriods();
    }

    @Override
    public boolean lacksEvents() {
      return lossy.contains(periods() - 1);
    }

    @Override
    public boolean closedGarbage() {
      return false;
    }

    @Override
    public void lingered() {
      call("lingered");
    }

    @Override
    public void nameFunctions() {
      call("name functions");
      Pause.of(naming.toNanos());
    }

    @Override
    public void finish() {
      call("finish");
    }

    @Override
    public Statement statement() {
      List<Map<String, Account>> periods = new ArrayList<>();
      for (int period = 0; period < closings.size(); period++) {
        Map<String, Account> accounts = new TreeMap<>();
        for (String cache : followed) {
          if (!gone.contains(cache)) {
            accounts.put(cache, account(cache, period));
          }
        }
        periods.add(accounts);
      }
      Map<String, Register> registers = new TreeMap<>();
      if (traced) {
        followed.forEach(cache -> registers.put(cache, register(cache)));
      }
      return new Statement(
          traced ? List.of(Whose.OWN, Whose.UNBOOKED) : List.of(Whose.UNKNOWN),
          periods,
          registers,
          losses.events() + lossySince(0),
          IntStream.range(0, closings.size())
              .mapToObj(period -> losses.events() + lossySince(period))
              .toList());
    }

    private long lossySince(int first) {
      return lossy.stream().filter(period -> period >= first && period < periods()).count();
    }

    private Account account(String cache, int period) {
      return new Account(
          cache,
          openings.get(period).getOrDefault(cache, 0L),
          closings.get(period).getOrDefault(cache, 0L),
          2 * unrest.getOrDefault(cache, 0L),
          traced
              ? Optional.of(
                  new Account.Booked(
                      count(cache, period, period, Whose.OWN),
                      0,
                      perhaps.getOrDefault(cache, 0L),
                      0,
                      count(cache, period, period, Whose.OWN)))
              : Optional.empty());
    }

    private Register register(String cache) {
      List<Long> since = new ArrayList<>();
      for (int period = 0; period < closings.size(); period++) {
        since.add(
            count(cache, period, Integer.MAX_VALUE, Whose.OWN)
                + count(cache, period, Integer.MAX_VALUE, Whose.OTHERS));
      }
      return new Register(
          count(cache, 0, Integer.MAX_VALUE, Whose.OWN),
          count(cache, 0, Integer.MAX_VALUE, Whose.OTHERS),
          freedFromBefore.getOrDefault(cache, 0L),
          since,
          IntStream.range(0, closings.size())
              .mapToObj(period -> count(cache, period, period, Whose.OWN))
              .toList(),
          0,
          0);
    }

    private long count(String cache, int from, int until, Whose whose) {
      return alive.stream()
          .filter(slot -> slot.cache().equals(cache) && slot.whose() == whose)
          .filter(slot -> slot.period() >= from && slot.period() <= until)
          .count();
    }

    @Override
    public Optional<List<Allocated>> allocated(Set<String> caches, List<Integer> periods) {
      call("who allocated");
      return traced
          ? Optional.of(
              caches.stream()
                  .filter(followed::contains)
                  .map(cache -> allocated(cache, periods))
                  .toList())
          : Optional.empty();
    }

    private Allocated allocated(String cache, List<Integer> periods) {
      return new Allocated(
          cache,
          Whose.OWN,
          new Owner(Whose.OWN, (int) ProcessHandle.current().pid(), "java"),
          periods.stream().mapToLong(period -> count(cache, period, period, Whose.OWN)).sum(),
          List.of(new Frame("alloc_" + cache, Optional.empty())),
          1);
    }

    @Override
    public Optional<Obstacle> unfollowed() {
      return traced
          ? Optional.empty()
          : Optional.of(new Obstacle("there is no tracing", "mount it"));
    }

    @Override
    public void close() {
      calls.add("close books");
    }
  }
}
