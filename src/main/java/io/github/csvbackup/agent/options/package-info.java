/**
 * The agent's options, from the command line, the agent arguments, the options file and the environment. This package collects and checks them; it
 * does not open the files that they name.
 */
@NullMarked
package io.github.csvbackup.agent.options;

import org.jspecify.annotations.NullMarked;
