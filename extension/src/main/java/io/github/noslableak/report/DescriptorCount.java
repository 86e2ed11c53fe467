package io.github.noslableak.report;

/**
 * Descriptors of one kind.
 *
 * @param kind the kind's name in plural
 */
public record DescriptorCount(String kind, long before, long after) {

  long growth() {
    return after - before;
  }
}
