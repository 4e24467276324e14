package io.github.csvbackup.clear;

import java.time.Duration;

/**
 * Settings of clears.
 *
 * @param allowForce whether the guard may be overridden
 * @param clearDeadline how long the native clear may take
 * @param quietTime how long after a clear the shadow copies are checked once more
 */
public record ClearSettings(boolean allowForce, Duration clearDeadline, Duration quietTime) {}
