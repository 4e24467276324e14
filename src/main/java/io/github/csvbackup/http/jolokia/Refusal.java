package io.github.csvbackup.http.jolokia;

/** A request, or a part of a bulk request, that is not answered, with a sentence that says why and what to do. Nothing was executed. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int MISTAKE = 400;
    private static final int OVERLOAD = 503;

    private final int status;

    private Refusal(int status, String sentence) {
        super(sentence, null, false, false);
        this.status = status;
    }

    /** The client has to change its request. */
    static Refusal mistake(String sentence) {
        return new Refusal(MISTAKE, sentence);
    }

    /** The same request may be answered later. */
    static Refusal overload(String sentence) {
        return new Refusal(OVERLOAD, sentence);
    }

    /** The status in the answer's body. */
    int status() {
        return status;
    }
}
