/**
 * The agent's options, with the same names wherever they stand: command line, agent arguments, properties file,
 * environment. They are gathered and checked here; what they name is opened and started elsewhere.
 */
@NullMarked
package io.github.csvbackup.agent.options;

import org.jspecify.annotations.NullMarked;
