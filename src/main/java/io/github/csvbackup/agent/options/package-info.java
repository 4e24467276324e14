/**
 * The agent's options, with the same names wherever they stand: command line, agent arguments, options file,
 * environment. They are gathered and checked here; nothing is opened or started.
 */
@NullMarked
package io.github.csvbackup.agent.options;

import org.jspecify.annotations.NullMarked;
