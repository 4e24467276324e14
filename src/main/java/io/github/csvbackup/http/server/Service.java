package io.github.csvbackup.http.server;

import org.jspecify.annotations.Nullable;

/** The application behind the server. Called by several threads at once. */
public interface Service {
    /**
     * Decides about a request on the server's thread, so without reading a disk and without long computations.
     *
     * @return null if the decision may need them, for example because of a password check; {@link #decide} is then called on another thread
     */
    @Nullable
    Decision decideAtOnce(Head head, Client client);

    /** Decides about a request. May be slow. */
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
