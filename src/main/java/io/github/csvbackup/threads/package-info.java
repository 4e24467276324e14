/**
 * How the agent makes its threads, but for those of the entry, which cannot see this room. What the threads do, and
 * when they end, is for the rooms that have them made.
 */
@NullMarked
package io.github.csvbackup.threads;

import org.jspecify.annotations.NullMarked;
