package io.github.csvbackup.clear;

/** What a clear brought about, for those who want to be told. */
public sealed interface ClearEvent {
    /** A request to clear ended with anything but a refusal. */
    record Ended(ClearResult result, Caller caller) implements ClearEvent {}

    /** A request to clear was refused. */
    record Refused(ClearResult result, Caller caller) implements ClearEvent {}

    /**
     * A shadow copy that was not there before was found after a clear, so that a backup began around it; or nobody can say that none did.
     *
     * @param volume the friendly path
     * @param message what to check: sentences for people
     */
    record Suspect(String volume, String auditId, String message) implements ClearEvent {}

    /**
     * A state became overdue and all evidence says that no backup is alive.
     *
     * @param volume the friendly path
     * @param message what to do: sentences for people
     */
    record Abandoned(String volume, String message) implements ClearEvent {}
}
