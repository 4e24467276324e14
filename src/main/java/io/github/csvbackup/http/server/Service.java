package io.github.csvbackup.http.server;

import java.net.InetAddress;

/** What stands behind the server. Called by several threads. */
public interface Service {
    /**
     * True if {@link #decide} may take long for that request, such as for the check of a password: it is called on another thread than the
     * server's then.
     */
    boolean mayDecideSlowly(Head head);

    /** Decides about a request. */
    Decision decide(Head head, InetAddress client);

    /**
     * The answer to a request that the server itself refuses.
     *
     * @param sentence says why
     */
    Answer refusal(int status, String sentence);

    /** The answer where something failed that the log tells. */
    Answer failure();

    /**
     * A connection was dropped in favour of others.
     *
     * @param phase what it waited for, in lower case
     */
    void dropped(String phase);
}
