/** Notes in a database, behind a pool of connections, and in an archive. */
@NullMarked
package io.github.noslableak.examples.web.store;

import org.jspecify.annotations.NullMarked;
