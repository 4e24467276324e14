package io.github.csvbackup.peer;

import java.io.IOException;

/** A connection ended before the first byte of an answer: a kept one may simply have been too old. */
final class LostException extends IOException {
    private static final long serialVersionUID = 1L;

    LostException(String message) {
        super(message);
    }
}
