/**
 * The command line of the jar on its own: it reads the arguments and does what they ask for, each command in a class
 * of its own. How the agent itself starts and stops is in the room above.
 */
@NullMarked
package io.github.csvbackup.agent.cli;

import org.jspecify.annotations.NullMarked;
