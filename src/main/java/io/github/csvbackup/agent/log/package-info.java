/**
 * The agent's log: lines on stderr and, if the options ask for it, in files; in UTC, independent of the logging and the time zone of the host.
 */
@NullMarked
package io.github.csvbackup.agent.log;

import org.jspecify.annotations.NullMarked;
