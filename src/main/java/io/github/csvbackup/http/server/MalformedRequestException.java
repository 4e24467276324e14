package io.github.csvbackup.http.server;

import java.io.Serial;

/** A request that cannot be parsed. The message is for the client. The start of the next request is unknown, so the connection must be closed. */
final class MalformedRequestException extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    private final int status;

    MalformedRequestException(int status, String sentence) {
        super(sentence, null, false, false);
        this.status = status;
    }

    int status() {
        return status;
    }
}
