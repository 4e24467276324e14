package io.github.csvbackup.http.jolokia;

/** A rejected request, or part of a bulk request. The message says why and what to do. Nothing was executed. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int MISTAKE = 400;
    private static final int OVERLOAD = 503;

    private final int status;

    private Refusal(int status, String sentence) {
        super(sentence, null, false, false);
        this.status = status;
    }

    /** The client must change its request. */
    static Refusal mistake(String sentence) {
        return new Refusal(MISTAKE, sentence);
    }

    /** The client may repeat the request later. */
    static Refusal overload(String sentence) {
        return new Refusal(OVERLOAD, sentence);
    }

    /** The status for the body of the answer. */
    int status() {
        return status;
    }
}
