package io.github.csvbackup.http.server;

import java.io.Serial;

/** A request that cannot be served; the message is a sentence for its sender. Where the next request would begin is not known then. */
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
