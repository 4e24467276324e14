package io.github.csvbackup.http.server;

/** What to do with a request, decided from its head alone. */
public sealed interface Decision {
    /** Answer at once, without waiting for the body. */
    record Refused(Answer answer) implements Decision {}

    /**
     * Read the body, then answer.
     *
     * @param work creates the answer when the body is complete
     */
    record Admitted(Lane lane, Work work) implements Decision {}

    /** Creates the answer to a request, on a thread of its lane. */
    @FunctionalInterface
    interface Work {
        /** Creates the answer. The body is empty if the request has none. */
        Answer answer(byte[] body);
    }
}
