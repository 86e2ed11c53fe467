/** The ledger of allocations: who allocated what is left of the watched caches. */
@NullMarked
package io.github.noslableak.trace.alloc;

import org.jspecify.annotations.NullMarked;
