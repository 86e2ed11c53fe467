package io.github.noslableak.report;

import java.util.List;

/** Objects by the kernel's own books, where it keeps any. */
public sealed interface Booked {

  /** Returns how many there are. */
  long objects();

  /** Returns the functions that allocated them, innermost first. */
  List<String> frames();

  /** Returns what the book says, with its name. */
  String says();

  /**
   * What slub_debug counts more of.
   *
   * @param cache the cache they are of
   */
  public record Counted(String cache, long objects, List<String> frames) implements Booked {

    public Counted {
      frames = List.copyOf(frames);
    }

    @Override
    public String says() {
      return "slub_debug counts " + Text.number(objects) + " " + cache + " more";
    }
  }

  /**
   * What kmemleak found, and nothing refers to any more.
   *
   * @param bytes the size of each
   */
  public record Unreferenced(long bytes, long objects, List<String> frames) implements Booked {

    public Unreferenced {
      frames = List.copyOf(frames);
    }

    @Override
    public String says() {
      return "kmemleak found %s objects of %d bytes, to which nothing refers any more"
          .formatted(Text.number(objects), bytes);
    }
  }
}
