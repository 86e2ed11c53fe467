package io.github.noslableak.dump;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What tells of the machine and the moment: crash's banner, date, uptime, uname. What is not
 * understood is passed over: no number of a cache depends on it.
 */
final class ContextParser implements LineParser {

  private static final Pattern BANNER = Pattern.compile(" +(DATE|UPTIME|RELEASE): (\\S.*)");

  private static final Pattern UPTIME =
      Pattern.compile(" *\\d\\d:\\d\\d:\\d\\d +up +(.+?), +\\d+ users?, +load average.*");

  /** In crash's banner with seconds, by uptime(1) without. */
  private static final Pattern TIME =
      Pattern.compile(
          "(?:(\\d{1,6}) days?, *)?(?:(\\d{1,3}):(\\d\\d)(?::(\\d\\d))?|(\\d{1,2}) min)?");

  private static final Pattern PROC_UPTIME = Pattern.compile("(\\d{1,12})\\.\\d\\d \\d+\\.\\d\\d");

  private static final Pattern DATE =
      Pattern.compile(
          "[A-Z][a-z]{2} [A-Z][a-z]{2} +\\d+ \\d\\d:\\d\\d:\\d\\d (?:[A-Z]{2,5}|[+-]\\d{2,4}) \\d{4}");

  private static final Pattern VERSION =
      Pattern.compile("Linux (?:version|\\S+) (\\d+\\.\\d+\\S*) .+");

  private static final DateTimeFormatter DATE_FORMAT =
      DateTimeFormatter.ofPattern("EEE MMM d HH:mm:ss [zzz][x] yyyy", Locale.ROOT);

  private final Parts parts;

  ContextParser(Parts parts) {
    this.parts = parts;
  }

  @Override
  public boolean take(String line) {
    Matcher banner = BANNER.matcher(line);
    if (banner.matches()) {
      String value = banner.group(2).strip();
      switch (banner.group(1)) {
        case "DATE" -> instant(value).ifPresent(parts::taken);
        case "UPTIME" -> time(value).ifPresent(parts::uptime);
        default -> parts.kernel(value);
      }
      return true;
    }
    Matcher uptime = UPTIME.matcher(line);
    if (uptime.matches()) {
      time(uptime.group(1)).ifPresent(parts::uptime);
      return true;
    }
    Matcher seconds = PROC_UPTIME.matcher(line);
    if (seconds.matches()) {
      parts.uptime(Duration.ofSeconds(Long.parseLong(seconds.group(1))));
      return true;
    }
    if (DATE.matcher(line).matches()) {
      instant(line).ifPresent(parts::taken);
      return true;
    }
    Matcher version = VERSION.matcher(line);
    if (version.matches()) {
      parts.kernel(version.group(1));
      return true;
    }
    return false;
  }

  private static Optional<Instant> instant(String date) {
    try {
      return Optional.of(ZonedDateTime.parse(date.replaceAll(" +", " "), DATE_FORMAT).toInstant());
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static Optional<Duration> time(String told) {
    Matcher time = TIME.matcher(told);
    if (told.isEmpty() || !time.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        Duration.ofDays(number(time.group(1)))
            .plusHours(number(time.group(2)))
            .plusMinutes(number(time.group(3)) + number(time.group(5)))
            .plusSeconds(number(time.group(4))));
  }

  private static long number(@Nullable String digits) {
    return digits == null ? 0 : Long.parseLong(digits);
  }
}
