package io.github.csvbackup.cluster.windows;

/** The bytes are no value list of volumes; nothing of them is used. */
final class MalformedListException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedListException(String message) {
        super(message);
    }
}
