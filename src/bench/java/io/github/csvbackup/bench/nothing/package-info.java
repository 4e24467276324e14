/** An agent that does nothing, in a package of its own and, when it is measured, in a jar of its own. */
@NullMarked
package io.github.csvbackup.bench.nothing;

import org.jspecify.annotations.NullMarked;
