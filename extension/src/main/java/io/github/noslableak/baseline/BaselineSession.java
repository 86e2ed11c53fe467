package io.github.noslableak.baseline;

import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * What this JVM's tests say about a baseline. The file is changed after each test that has news and
 * not at the end, so that a run that is killed loses nothing; a test without news costs no I/O.
 */
public final class BaselineSession {

  private static final Map<BaselineSettings, BaselineSession> OPEN = new HashMap<>();

  private final BaselineSettings settings;
  private final BaselineFile file;

  /**
   * What was known before the first test: a test that runs again is not judged by its first run.
   */
  private final Baseline atStart;

  private Baseline current;
  private boolean kept;

  private final Set<String> seen = new HashSet<>();
  private final Map<String, KnownLeak> passed = new TreeMap<>();

  /**
   * What a baseline makes of one test.
   *
   * @param known leaks that are known and pass
   * @param recorded leaks that were recorded just now and pass; in mode update only
   * @param tooMuch leaks that are new or faster than recorded; empty in mode update
   */
  public record Judgement(
      List<KnownLeak> known, List<KnownLeak> recorded, List<ObservedRate> tooMuch) {

    /** Returns whether nothing is left to fail for. */
    public boolean passes() {
      return tooMuch.isEmpty();
    }
  }

  private BaselineSession(BaselineSettings settings, BaselineFile file, Baseline baseline) {
    this.settings = settings;
    this.file = file;
    this.atStart = baseline;
    this.current = baseline;
  }

  /**
   * Returns this JVM's session, which lasts until {@link #finish()}.
   *
   * @throws BaselineFileException if the file is missing and not to be created, or is no baseline
   */
  public static BaselineSession open(BaselineSettings settings) throws IOException {
    synchronized (OPEN) {
      BaselineSession session = OPEN.get(settings);
      if (session == null) {
        session = read(settings);
        OPEN.put(settings, session);
      }
      return session;
    }
  }

  private static BaselineSession read(BaselineSettings settings) throws IOException {
    BaselineFile file = BaselineFile.at(settings.file());
    if (!file.exists()) {
      if (!settings.mayCreate()) {
        throw new BaselineFileException(missing(settings));
      }
      file.create();
    } else if (settings.mode() == BaselineMode.UPDATE && !file.isWritable()) {
      throw new BaselineFileException(
          settings.file() + " cannot be updated: this user may not write it or its directory");
    }
    return new BaselineSession(settings, file, file.read());
  }

  private static String missing(BaselineSettings settings) {
    String missing =
        "the file that %s names does not exist: %s. "
            .formatted(BaselineSettings.FILE, settings.file().toAbsolutePath());
    return settings.mode() == BaselineMode.UPDATE
        ? missing
            + "It is not created on a build server (the environment variable CI is set): create it"
            + " elsewhere and commit it, or set %s=true.".formatted(BaselineSettings.CREATE)
        : missing
            + "To create it with what leaks today, run once with %s=update and commit it."
                .formatted(BaselineSettings.MODE);
  }

  /** Tells that a test runs, judged or not. */
  public synchronized void saw(String test) {
    seen.add(test);
  }

  /**
   * Judges a test and writes what is new about it.
   *
   * @param test its key
   * @param rates the rate of each judged cache, also of the clean ones; those are what lets a known
   *     leak go
   */
  public synchronized Judgement judge(String test, Collection<ObservedRate> rates)
      throws IOException {
    saw(test);
    List<ObservedRate> leaks = rates.stream().filter(rate -> !rate.isClean()).toList();
    List<ObservedRate> covered =
        leaks.stream().filter(rate -> atStart.covers(rate) || current.covers(rate)).toList();
    List<KnownLeak> known = new ArrayList<>();
    for (ObservedRate rate : covered) {
      KnownLeak leak = find(atStart, rate).or(() -> find(current, rate)).orElseThrow();
      known.add(leak);
      passed.put(test + '\n' + rate.cache(), leak);
    }
    List<ObservedRate> others = leaks.stream().filter(rate -> !covered.contains(rate)).toList();
    if (settings.mode() != BaselineMode.UPDATE) {
      write(baseline -> baseline.ratchet(rates));
      return new Judgement(known, List.of(), others);
    }
    String today = LocalDate.now(ZoneOffset.UTC).toString();
    write(baseline -> baseline.ratchet(rates).with(rates, today));
    return new Judgement(
        known,
        others.stream().map(rate -> find(current, rate)).flatMap(Optional::stream).toList(),
        List.of());
  }

  private static Optional<KnownLeak> find(Baseline baseline, ObservedRate rate) {
    return baseline.find(rate.test(), rate.cache());
  }

  private void write(UnaryOperator<Baseline> change) throws IOException {
    if (change.apply(current).equals(current)) {
      return;
    }
    if (settings.mode() == BaselineMode.UPDATE || file.isWritable()) {
      current = file.change(change);
    } else {
      kept = true;
      current = change.apply(current);
    }
  }

  /**
   * Ends the session; in mode prune, removes the leaks of tests that do not exist any more.
   *
   * @return what there is to tell about the file, empty where there is nothing
   */
  public synchronized List<String> finish() throws IOException {
    synchronized (OPEN) {
      OPEN.remove(settings, this);
    }
    List<UnseenTest> vanished =
        current.unseen(seen).stream()
            .filter(test -> !TestPresence.exists(test.test(), seen))
            .toList();
    Baseline before = current;
    if (settings.mode() == BaselineMode.PRUNE) {
      write(baseline -> baseline.prune(test -> TestPresence.exists(test, seen)));
    }
    List<String> lines = new ArrayList<>();
    passed.values().forEach(leak -> lines.add("known: " + text(leak) + since(leak)));
    news(before, lines);
    vanished.forEach(test -> lines.add(vanished(test)));
    if (kept) {
      lines.add("The file is left as it is: this user may not write it or its directory.");
    }
    if (!lines.isEmpty()) {
      lines.add(0, "Known leaks of " + settings.file());
    }
    return lines;
  }

  /** Tells how the leaks of the tests that ran here differ from what was known at the start. */
  private void news(Baseline now, List<String> lines) {
    for (KnownLeak leak : atStart.leaks()) {
      if (seen.contains(leak.test())) {
        Optional<KnownLeak> after = now.find(leak.test(), leak.cache());
        if (after.isEmpty()) {
          lines.add("gone: " + text(leak));
        } else if (after.get().perIteration() != leak.perIteration()) {
          lines.add(
              (after.get().perIteration() < leak.perIteration() ? "lowered: " : "raised: ")
                  + text(after.get())
                  + ", was "
                  + leak.rate());
        }
      }
    }
    for (KnownLeak leak : now.leaks()) {
      if (seen.contains(leak.test()) && atStart.find(leak.test(), leak.cache()).isEmpty()) {
        lines.add("recorded: " + text(leak));
      }
    }
  }

  private static String text(KnownLeak leak) {
    return "%s, %s %s per iteration".formatted(leak.test(), leak.rate(), leak.cache());
  }

  private static String since(KnownLeak leak) {
    return " since " + leak.since() + (leak.note().isEmpty() ? "" : ": " + leak.note());
  }

  private String vanished(UnseenTest test) {
    return (settings.mode() == BaselineMode.PRUNE ? "removed, no such test: " : "no such test: ")
        + test.test()
        + test.renamed().map(name -> "; renamed to " + name + "?").orElse("")
        + (settings.mode() == BaselineMode.PRUNE
            ? ""
            : "; correct its line, or run once with %s=prune".formatted(BaselineSettings.MODE));
  }
}
