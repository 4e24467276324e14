package io.github.csvbackup.peer;

/** An answer does not have the form of a {@link LocalEvidence}. The message is a sentence without a full stop. */
public final class MalformedEvidenceException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedEvidenceException(String message) {
        super(message);
    }
}
