package io.github.noslableak.trace;

import io.github.noslableak.kernel.MalformedKernelDataException;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How a page of a ring buffer is laid out, from events/header_page and events/header_event.
 *
 * <pre>{@code
 * field: u64 timestamp;	offset:0;	size:8;	signed:0;
 * field: local_t commit;	offset:8;	size:8;	signed:1;
 * field: int overwrite;	offset:8;	size:1;	signed:1;
 * field: char data;	offset:16;	size:4080;	signed:0;
 * }</pre>
 *
 * @param timestamp where the time of the first record is that the others' times count from
 * @param commit where the number of bytes in use is, and flags above it
 * @param data where records start, and how many bytes they may take
 */
public record PageLayout(
    EventFormat.Field timestamp, EventFormat.Field commit, EventFormat.Field data) {

  private static final Pattern TYPE =
      Pattern.compile("(?m)^\\s*(padding|time_extend|time_stamp)\\s*: type == (\\d+)\\s*$");
  private static final Pattern BITS =
      Pattern.compile("(?m)^\\s*(type_len|time_delta|array)\\s*:\\s*(\\d+) bits\\s*$");

  static final int PADDING = 29;
  static final int TIME_EXTEND = 30;
  static final int TIME_STAMP = 31;

  /** Bits of a record's header that hold the time since the record before. */
  static final int DELTA_BITS = 27;

  /**
   * Parses both files.
   *
   * @throws MalformedKernelDataException if records have another form than the one this reads,
   *     which has not changed since Linux 2.6.30
   */
  static PageLayout parse(String headerPage, String headerEvent) {
    require(headerEvent, BITS, Map.of("type_len", 5, "time_delta", DELTA_BITS, "array", 32));
    require(
        headerEvent,
        TYPE,
        Map.of("padding", PADDING, "time_extend", TIME_EXTEND, "time_stamp", TIME_STAMP));
    Map<String, EventFormat.Field> fields = EventFormat.fieldsOf(headerPage);
    EventFormat.Field timestamp = fields.get("timestamp");
    EventFormat.Field commit = fields.get("commit");
    EventFormat.Field data = fields.get("data");
    if (timestamp == null
        || timestamp.size() != 8
        || commit == null
        || commit.size() != 8
        || data == null
        || data.offset() < commit.end()
        || data.size() < 64) {
      throw new MalformedKernelDataException(
          "the kernel's trace pages have an unknown form: " + headerPage.strip());
    }
    return new PageLayout(timestamp, commit, data);
  }

  private static void require(String headerEvent, Pattern pattern, Map<String, Integer> expected) {
    Map<String, Integer> found =
        pattern
            .matcher(headerEvent)
            .results()
            .collect(
                Collectors.toMap(
                    result -> result.group(1), PageLayout::number, (first, second) -> second));
    if (!found.equals(expected)) {
      throw new MalformedKernelDataException(
          "the kernel's trace records have an unknown form: " + found);
    }
  }

  private static int number(MatchResult result) {
    return Integer.parseInt(result.group(2));
  }

  /** Bytes of a whole page. */
  int pageSize() {
    return data.end();
  }
}
