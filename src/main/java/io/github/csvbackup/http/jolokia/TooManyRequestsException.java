package io.github.csvbackup.http.jolokia;

/** An operation was called too often, or too many operations are waiting. */
final class TooManyRequestsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooManyRequestsException(String operation) {
        super(operation
                + " was called too often, or too many operations are waiting for the cluster. Try again in a second."
                + " Reading attributes has no such limit.");
    }
}
