package io.github.noslableak;

import java.util.List;

/** Starts a process without rights. */
public final class Nobody {

  /** Nobody, who may read everything, so that the class path is found, but write nothing. */
  public static final List<String> COMMAND =
      List.of(
          "setpriv",
          "--reuid=65534",
          "--regid=65534",
          "--clear-groups",
          "--inh-caps=-all,+dac_read_search",
          "--ambient-caps=-all,+dac_read_search");

  private Nobody() {}
}
