/**
 * The few classes that the host's class loader sees: they take the start and hand over to the isolated loader. There
 * are no lambdas, streams or regular expressions here, since each costs the host's start more than all else that this
 * package does.
 */
@NullMarked
package io.github.csvbackup.agent.entry;

import org.jspecify.annotations.NullMarked;
