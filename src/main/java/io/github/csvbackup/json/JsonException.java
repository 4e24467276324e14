package io.github.csvbackup.json;

import java.io.IOException;

/** The text is not JSON. */
public final class JsonException extends IOException {
    private static final long serialVersionUID = 1;

    JsonException(String message, Throwable cause) {
        super(message, cause);
    }
}
