package io.github.csvbackup.http.jolokia;

/** An operation that reads the cluster was asked for too often. */
final class TooManyRequestsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooManyRequestsException(String operation) {
        super(operation
                + " was asked for too often, or too many operations wait for the cluster. Wait a second; attributes can"
                + " be read at any rate.");
    }
}
