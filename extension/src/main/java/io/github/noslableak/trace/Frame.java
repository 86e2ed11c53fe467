package io.github.noslableak.trace;

import java.util.Optional;

/**
 * A function on a kernel stack.
 *
 * @param symbol its name as /proc/kallsyms has it, or its address where it has none
 * @param module the module that it belongs to; empty for the kernel itself
 */
public record Frame(String symbol, Optional<String> module) {

  private static final String HEX = "0x";

  /** Stands for a function whose name is not known, or not asked for. */
  public static Frame unnamed(long address) {
    return new Frame(HEX + Long.toHexString(address), Optional.empty());
  }

  /** Returns the address of a function that is not named; 0 for one that is. */
  public long address() {
    return symbol.startsWith(HEX) ? Long.parseUnsignedLong(symbol.substring(HEX.length()), 16) : 0;
  }

  /**
   * Returns the name without what the compiler appended for a copy of the function, such as {@code
   * .isra.0} or {@code .constprop.0}, and with the module as in {@code hook_close [leaky]}.
   */
  public String displayName() {
    int suffix = symbol.indexOf('.', 1);
    String plain = suffix < 0 ? symbol : symbol.substring(0, suffix);
    return module.map(name -> plain + " [" + name + "]").orElse(plain);
  }
}
