package io.github.csvbackup.clear;

/** An event of a clear, for listeners. */
public sealed interface ClearEvent {
    /** A request to clear ended without a refusal. */
    record Ended(ClearResult result, Caller caller) implements ClearEvent {}

    /** A request to clear was refused. */
    record Refused(ClearResult result, Caller caller) implements ClearEvent {}

    /**
     * A new shadow copy was found after a clear: a backup began around it.
     *
     * @param volume the volume's name
     * @param message what to check: sentences for users
     */
    record Suspect(String volume, String auditId, String message) implements ClearEvent {}

    /**
     * A state became stale, and no check found a running backup.
     *
     * @param volume the volume's name
     * @param message what to do: sentences for users
     */
    record Abandoned(String volume, String message) implements ClearEvent {}
}
