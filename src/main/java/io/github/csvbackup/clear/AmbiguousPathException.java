package io.github.csvbackup.clear;

/** A path that may mean several volumes; the message is a sentence for the caller. */
final class AmbiguousPathException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    AmbiguousPathException(String message) {
        super(message);
    }
}
