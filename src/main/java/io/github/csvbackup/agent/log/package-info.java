/**
 * The agent's log: lines on stderr, in UTC, independent of the logging and the time zone of the host.
 */
@NullMarked
package io.github.csvbackup.agent.log;

import org.jspecify.annotations.NullMarked;
