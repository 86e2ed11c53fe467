package io.github.noslableak.evidence;

import io.github.noslableak.kernel.KernelFileException;
import io.github.noslableak.object.ObjectReader;
import io.github.noslableak.object.Pointer;
import io.github.noslableak.object.Pointers;
import io.github.noslableak.report.InKernel;
import io.github.noslableak.report.LeftBehind;
import io.github.noslableak.report.PointedAt;
import io.github.noslableak.trace.KernelSymbols;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What points at the objects that are left, where nobody is known who holds them. It must speak
 * after those sources that know such.
 */
final class PointerEvidence implements EvidenceSource {

  private static final Duration LIMIT = Duration.ofSeconds(2);

  /** To look each up takes some of that time. */
  private static final int MOST = 20_000;

  @Override
  public void facts(Grown grown, Facts facts) {
    Set<Followed.At> left = grown.isLeak() && !isHeld(facts) ? grown.left() : Set.of();
    if (left.isEmpty()) {
      return;
    }
    try (ObjectReader reader = ObjectReader.open()) {
      Map<Long, String> objects =
          left.stream().collect(Collectors.toMap(Followed.At::address, Followed.At::cache));
      if (objects.size() > MOST) {
        facts.add(facts.leftBehind().unsearched("there are too many to search for"));
        return;
      }
      Pointers found = reader.pointersTo(objects, LIMIT);
      // Of what was freed meanwhile nothing is said.
      if (grown.left().containsAll(left)) {
        facts.add(facts.leftBehind().with(named(found)));
      }
    } catch (IOException | RuntimeException e) {
      // Whatever is wrong with evidence, the verdict stands without it.
      LeftBehind known = facts.leftBehind();
      if (known.unread().isEmpty()) {
        facts.add(known.unsearched(String.valueOf(e.getMessage())));
      }
    }
  }

  private static boolean isHeld(Facts facts) {
    return !facts.ofJvm().opened().isEmpty()
        || !facts.inKernel().equals(InKernel.nothing())
        || !facts.leftBehind().closedConnections().isEmpty()
        || facts
            .elsewhere()
            .filter(held -> !(held.processes().isEmpty() && held.inMemory().isEmpty()))
            .isPresent();
  }

  private static PointedAt named(Pointers pointers) {
    Map<Long, String> symbols = symbols(pointers.found());
    return new PointedAt(
        pointers.found().stream().map(pointer -> by(pointer, symbols)).toList(),
        pointers.objects(),
        pointers.pointedAt(),
        pointers.searchedBytes(),
        pointers.whole());
  }

  private static PointedAt.By by(Pointer pointer, Map<Long, String> symbols) {
    if (pointer.from() instanceof Pointer.InSlab object) {
      return new PointedAt.InSlab(
          pointer.cache(), object.cache(), object.isMerged(), object.member(), object.isAlive());
    }
    if (pointer.from() instanceof Pointer.Variable variable) {
      String symbol =
          symbols.getOrDefault(variable.address(), "0x" + Long.toHexString(variable.address()));
      return new PointedAt.Variable(pointer.cache(), symbol, variable.module());
    }
    return new PointedAt.Descriptor(pointer.cache());
  }

  private static Map<Long, String> symbols(List<Pointer> pointers) {
    Map<Long, String> modules =
        pointers.stream()
            .map(Pointer::from)
            .filter(from -> from instanceof Pointer.Variable variable && variable.address() != 0)
            .map(Pointer.Variable.class::cast)
            .collect(
                Collectors.toMap(
                    Pointer.Variable::address, Pointer.Variable::module, (one, same) -> one));
    if (modules.isEmpty()) {
      return Map.of();
    }
    try (KernelSymbols symbols = KernelSymbols.open()) {
      return symbols.findVariables(modules);
    } catch (KernelFileException e) {
      return Map.of(); // Addresses tell less, but something.
    }
  }
}
