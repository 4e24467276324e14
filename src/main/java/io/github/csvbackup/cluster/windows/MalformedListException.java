package io.github.csvbackup.cluster.windows;

/** A list from the cluster or a node is invalid; no part of it is used. */
final class MalformedListException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedListException(String message) {
        super(message);
    }
}
