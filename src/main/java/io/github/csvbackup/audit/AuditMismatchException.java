package io.github.csvbackup.audit;

import java.io.IOException;

/** The record was changed by somebody else, and nothing is to be cleared because of that. The message is sentences for people. */
public final class AuditMismatchException extends IOException {
    private static final long serialVersionUID = 1;

    AuditMismatchException(String mismatch) {
        super("Refused: " + mismatch
                + " With audit-strict=true nothing is cleared after that. Look at it on this node with:"
                + " audit --verify. When it is explained, start the agent once with audit-strict=false.");
    }
}
