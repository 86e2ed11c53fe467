/**
 * The two books of a measurement: the machine's counters and the ledger of allocations, period by
 * period. Says what they hold, and not what it means.
 */
@NullMarked
package io.github.noslableak.books;

import org.jspecify.annotations.NullMarked;
