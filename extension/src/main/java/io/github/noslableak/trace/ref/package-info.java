/** The ledger of references: which function of a kernel module took one and did not return it. */
@NullMarked
package io.github.noslableak.trace.ref;

import org.jspecify.annotations.NullMarked;
