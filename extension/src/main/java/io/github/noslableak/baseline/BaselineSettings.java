package io.github.noslableak.baseline;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The settings {@code noslableak.baseline} and {@code noslableak.baseline.*}.
 *
 * @param file the file of known leaks
 * @param mode what becomes of it
 * @param mayCreate whether it is created if it is missing
 */
public record BaselineSettings(Path file, BaselineMode mode, boolean mayCreate) {

  static final String FILE = "noslableak.baseline";
  public static final String MODE = "noslableak.baseline.mode";
  static final String CREATE = "noslableak.baseline.create";

  /** The variable that build servers set for their builds. */
  private static final String BUILD_SERVER = "CI";

  /**
   * Reads the settings. A missing file is created in mode update, on a build server only if {@code
   * noslableak.baseline.create} is true: there it would be gone after the build, and with it each
   * leak that passed.
   *
   * @param lookup from a name to its value, if set
   * @param environment from the name of an environment variable to its value, if set
   * @return empty where no file is named
   * @throws IllegalArgumentException if a value is not of the form it should have
   */
  public static Optional<BaselineSettings> from(
      Function<String, Optional<String>> lookup, Function<String, Optional<String>> environment) {
    BaselineMode mode = lookup.apply(MODE).map(BaselineSettings::mode).orElse(BaselineMode.CHECK);
    boolean create = lookup.apply(CREATE).map(BaselineSettings::isTrue).orElse(false);
    boolean onBuildServer =
        environment
            .apply(BUILD_SERVER)
            .filter(
                value -> !Set.of("", "0", "false").contains(value.strip().toLowerCase(Locale.ROOT)))
            .isPresent();
    return lookup
        .apply(FILE)
        .map(BaselineSettings::path)
        .map(
            file ->
                new BaselineSettings(
                    file, mode, mode == BaselineMode.UPDATE && (create || !onBuildServer)));
  }

  private static Path path(String value) {
    if (value.isBlank()) {
      throw new IllegalArgumentException(FILE + " should name a file, but is blank");
    }
    return Path.of(value.strip());
  }

  private static BaselineMode mode(String value) {
    return switch (value.strip().toLowerCase(Locale.ROOT)) {
      case "check" -> BaselineMode.CHECK;
      case "update" -> BaselineMode.UPDATE;
      case "prune" -> BaselineMode.PRUNE;
      default ->
          throw new IllegalArgumentException(
              MODE + " should be check, update or prune, but is \"" + value + "\"");
    };
  }

  private static boolean isTrue(String value) {
    return switch (value.strip().toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new IllegalArgumentException(
              CREATE + " should be true or false, but is \"" + value + "\"");
    };
  }
}
