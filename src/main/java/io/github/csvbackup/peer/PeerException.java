package io.github.csvbackup.peer;

/** The agent of another node gave no answer that counts. The message is a sentence for users without a full stop. */
final class PeerException extends Exception {
    private static final long serialVersionUID = 1L;

    private final PeerOutcome outcome;
    private final String remedy;

    PeerException(PeerOutcome outcome, String message, String remedy) {
        super(message);
        this.outcome = outcome;
        this.remedy = remedy;
    }

    PeerOutcome outcome() {
        return outcome;
    }

    /** What to do: a sentence. */
    String remedy() {
        return remedy;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
