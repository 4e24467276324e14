package io.github.csvbackup.http.server;

/** The application behind the server. Called by several threads at once. */
public interface Service {
    /**
     * True if {@link #decide} may be slow for that request, for example because of a password check. It is then called on a thread other than the
     * server's.
     */
    boolean mayDecideSlowly(Head head);

    /** Decides about a request. */
    Decision decide(Head head, Client client);

    /**
     * Creates the answer to a request that the server itself refuses.
     *
     * @param sentence the reason, for the client
     */
    Answer refusal(int status, String sentence);

    /** Creates the answer after a failure that has been logged. */
    Answer failure();

    /**
     * Called when a connection was dropped to make room.
     *
     * @param phase the phase it was in, in lower case
     */
    void dropped(String phase);
}
