package io.github.noslableak.dump;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.kernel.Captures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Damaged dumps: 10,000 of them, of five kinds of file. Each is refused, or each number that is
 * told stands in it and nothing of what is undamaged is missing.
 */
class MutatedDumpTests {

  private static final int FILES = 2_000;

  private static String text(String file) {
    return file.startsWith("dumps/")
        ? Dumps.text(file.substring("dumps/".length()))
        : new String(Captures.bytes(file), StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "vm-6.18/slabinfo.txt",
        "debian-6.1/meminfo.txt",
        "crash/crash-leaky.txt",
        "dumps/story.txt",
        "dumps/story-before-7.2.4.txt"
      })
  void is_refused_or_understood(String file) {
    String whole = text(file);
    Set<List<String>> rows = whole.lines().map(MutatedDumpTests::words).collect(Collectors.toSet());
    Random random = new Random(file.hashCode());
    int understood = 0;
    for (int i = 0; i < FILES; i++) {
      String mutated = mutate(whole, random);
      try {
        check(Dumps.read(mutated), mutated, rows);
        understood++;
      } catch (DumpException e) {
        assertThat(e.getMessage()).isNotBlank().doesNotContain("\n");
      } catch (IOException | RuntimeException | AssertionError e) {
        throw new AssertionError(file + ", mutation " + i + ":\n" + diff(whole, mutated), e);
      }
    }
    assertThat(understood).as("some damage does no harm").isBetween(FILES / 100, FILES);
  }

  private static List<String> words(String line) {
    return Arrays.asList(line.strip().split("[\\s\r]+"));
  }

  /** Each number that is told stands in one row of the text, beside its name. */
  private static void check(Dump dump, String text, Set<List<String>> undamaged) {
    List<List<String>> lines = text.lines().map(MutatedDumpTests::words).toList();
    for (CacheUse cache : dump.caches()) {
      List<String> name = words(cache.name());
      if (lines.stream().filter(line -> isRow(line) && line.containsAll(name)).count() > 1) {
        continue; // Caches may have one name: these are summed.
      }
      assertThat(lines)
          .as("%s of %s", cache.objects(), cache.name())
          .anyMatch(line -> line.containsAll(name) && holds(line, cache));
    }
    dump.memory()
        .ifPresent(
            memory ->
                assertThat(lines)
                    .anyMatch(
                        line ->
                            line.contains(Long.toString(memory.slab() >> 10))
                                || line.contains(Long.toString(memory.slab() >> 12))));
    // A cut-off last line is told; else no row that is as it was may be missing.
    Set<String> told = dump.caches().stream().map(CacheUse::name).collect(Collectors.toSet());
    List<String> ended =
        new ArrayList<>(
            Arrays.asList(text.split("\n", -1)).subList(0, text.split("\n", -1).length - 1));
    for (String line : ended) {
      List<String> row = words(line);
      if (undamaged.contains(row) && isRow(row)) {
        assertThat(told).as(line).anyMatch(name -> row.containsAll(words(name)));
      }
    }
  }

  private static boolean holds(List<String> line, CacheUse cache) {
    return holds(line, cache.objects()) && holds(line, cache.slots());
  }

  /** What wrapped below zero is told as none, and what could not be read as not known. */
  private static boolean holds(List<String> line, OptionalLong number) {
    return number.isEmpty()
        ? line.contains("?")
        : line.stream().anyMatch(word -> word.matches("0*" + number.getAsLong()))
            || (number.getAsLong() == 0 && line.stream().anyMatch(word -> word.length() > 18));
  }

  private static boolean isRow(List<String> row) {
    boolean ofSlabinfo = row.contains("tunables") && !row.get(0).equals("#");
    boolean ofCrash = row.get(0).startsWith("ff") && row.stream().anyMatch(w -> w.matches("\\d+k"));
    return ofSlabinfo || ofCrash;
  }

  private static String mutate(String text, Random random) {
    String mutated = text;
    int times = 1 + random.nextInt(3);
    for (int i = 0; i < times; i++) {
      mutated = once(mutated, random);
    }
    return mutated;
  }

  private static String once(String text, Random random) {
    int at = random.nextInt(text.length());
    String any =
        Character.toString(
            (char) (random.nextBoolean() ? random.nextInt(128) : '0' + random.nextInt(10)));
    return switch (random.nextInt(8)) {
      case 0 -> text.substring(0, Math.max(1, at));
      case 1 -> text.substring(0, at) + text.substring(Math.min(text.length(), at + 1));
      case 2 -> text.substring(0, at) + any + text.substring(Math.min(text.length(), at + 1));
      case 3 -> text.substring(0, at) + any + text.substring(at);
      case 4 -> text.substring(0, at) + text.substring(Math.min(text.length(), at + 200));
      case 5 -> withLine(text, at, line -> "");
      case 6 -> withLine(text, at, line -> line + line);
      default -> withLine(text, at, line -> line.replaceFirst("(\\d+)( +)(\\d+)", "$3$2$1"));
    };
  }

  private static String withLine(String text, int at, UnaryOperator<String> change) {
    int start = text.lastIndexOf('\n', Math.max(0, at - 1)) + 1;
    int end = text.indexOf('\n', start);
    end = end < 0 ? text.length() : end + 1;
    return text.substring(0, start)
        + change.apply(text.substring(start, end))
        + text.substring(end);
  }

  private static String diff(String whole, String mutated) {
    Set<String> before = whole.lines().collect(Collectors.toSet());
    return mutated
        .lines()
        .filter(line -> !before.contains(line))
        .limit(10)
        .collect(Collectors.joining("\n"));
  }
}
