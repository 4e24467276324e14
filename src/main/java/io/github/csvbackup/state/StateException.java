package io.github.csvbackup.state;

import java.io.IOException;

/** A problem with the state directory or a file in it; one or two sentences for users, with the remedy. */
public final class StateException extends IOException {
    private static final long serialVersionUID = 1;

    public StateException(String message) {
        super(message);
    }

    public StateException(String message, Throwable cause) {
        super(message, cause);
    }
}
