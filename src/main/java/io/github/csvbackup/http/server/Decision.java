package io.github.csvbackup.http.server;

/** What becomes of a request, decided by its head alone. */
public sealed interface Decision {
    /** It is answered at once; its body is not waited for. */
    record Refused(Answer answer) implements Decision {}

    /**
     * It is worth its body.
     *
     * @param work makes the answer once the body is there
     */
    record Admitted(Lane lane, Work work) implements Decision {}

    /** Makes the answer to a request, on a thread of its lane. */
    @FunctionalInterface
    interface Work {
        /** Makes the answer; the body is empty if the request has none. */
        Answer answer(byte[] body);
    }
}
