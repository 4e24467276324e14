/**
 * The agent's log: lines on stderr, in UTC, without touching the host's logging or time zone. What is worth a line is
 * decided where it happens; how often it is written, here.
 */
@NullMarked
package io.github.csvbackup.agent.log;

import org.jspecify.annotations.NullMarked;
