package io.github.csvbackup.clear;

import java.time.Duration;

/** Waits; tests advance a clock instead. */
@FunctionalInterface
public interface Pause {
    void pause(Duration duration) throws InterruptedException;
}
