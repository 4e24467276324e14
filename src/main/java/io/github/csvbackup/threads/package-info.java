/** The one way to make a thread that outlasts a call. What the threads do, and when they end, is for the rooms that have them made. */
@NullMarked
package io.github.csvbackup.threads;

import org.jspecify.annotations.NullMarked;
