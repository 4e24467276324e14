/** How the agent starts and stops: options, state directory, wiring, command line. Alone knows every other room. */
@NullMarked
package io.github.csvbackup.agent;

import org.jspecify.annotations.NullMarked;
