package io.github.csvbackup.clear;

import org.jspecify.annotations.Nullable;

/**
 * A request to clear.
 *
 * @param path as the caller gave it
 * @param force what overrides the guard; null if nothing does
 * @param begunNanos when it arrived, by the monotonic clock
 */
record ClearRequest(String path, Caller caller, @Nullable ForceRequest force, long begunNanos) {}
