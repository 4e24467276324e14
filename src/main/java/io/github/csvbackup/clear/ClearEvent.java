package io.github.csvbackup.clear;

import io.github.csvbackup.guard.Verdict;
import io.github.csvbackup.watch.WatchedVolume;

/** An event of a clear, or of a state that may need one, for listeners. */
public sealed interface ClearEvent {
    /** A request to clear ended without a refusal. */
    record Ended(ClearResult result, Caller caller) implements ClearEvent {}

    /** A request to clear was refused. */
    record Refused(ClearResult result, Caller caller) implements ClearEvent {}

    /**
     * A forced clear called the native function although the guard did not allow it. The result follows as another event.
     *
     * @param volume the volume's name
     * @param reason the caller's, for the audit
     */
    record Forced(String volume, Verdict verdict, String reason, Caller caller) implements ClearEvent {}

    /**
     * A new shadow copy was found after a clear: a backup began around it.
     *
     * @param volume the volume's name
     * @param message what to check: sentences for users
     */
    record Suspect(String volume, String auditId, String message) implements ClearEvent {}

    /**
     * A state is stale. While a backup of the volume is seen running, this is only a long backup. If it is not seen any more and the state stays, the
     * event comes once more.
     *
     * @param backupRunning true if a backup of the volume is seen running
     * @param message what was seen, with the volume's name
     */
    record Stale(WatchedVolume volume, boolean backupRunning, String message) implements ClearEvent {}

    /**
     * A state became stale, and no check found a running backup.
     *
     * @param volume the volume's name
     * @param message what to do: sentences for users
     */
    record Abandoned(String volume, String message) implements ClearEvent {}
}
