package io.github.csvbackup.audit;

import java.io.IOException;

/** A clear is refused because the audit was changed by something other than the agent. The message is for users. */
public final class AuditMismatchException extends IOException {
    private static final long serialVersionUID = 1;

    AuditMismatchException(String mismatch) {
        super("Refused: " + mismatch
                + " With audit-strict=true, the agent then clears nothing. To check the audit, run this on the node:"
                + " audit --verify. After you have found the reason, start the agent once with audit-strict=false.");
    }
}
