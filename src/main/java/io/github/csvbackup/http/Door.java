package io.github.csvbackup.http;

import io.github.csvbackup.http.server.Client;
import io.github.csvbackup.http.server.Head;
import io.github.csvbackup.security.Authentication;
import io.github.csvbackup.security.Identity;
import io.github.csvbackup.security.Tls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One of the agent's two doors: where it listens, and who may enter there. Both offer the same paths. */
public sealed interface Door permits LocalDoor, RemoteDoor {
    /** The path of the health check. */
    String HEALTH = "/healthz";

    /** The path of Jolokia. */
    String JOLOKIA = "/jolokia";

    /** The address to listen on, as the user wrote it. */
    String host();

    /** The option that chooses the port, such as {@code port}. */
    String portOption();

    /** Null for plain HTTP. */
    @Nullable
    Tls tls();

    /**
     * Finds the address to listen on.
     *
     * @throws IOException with a message for the administrator, if the door cannot listen there
     */
    InetSocketAddress where() throws IOException;

    /** Whether {@link #judge} may take long. */
    boolean mayJudgeSlowly(Head head);

    /**
     * The sender whom {@link #judge} will most likely identify, and soon; empty if this cannot be said at once. Proves nothing: the sender may have lost
     * access since.
     */
    Optional<Identity> expected(Head head);

    /**
     * Identifies the sender of a request, and decides whether the request may come in.
     *
     * @param path the path of the endpoint that would answer it
     */
    Entry judge(Head head, Client client, String path);

    /**
     * The decision about a request.
     *
     * @param who the sender
     * @param reason a word for the metric; empty if the request may come in
     * @param refusal null if the request may come in
     */
    record Entry(Identity who, String reason, @Nullable Reply refusal) {
        static Entry of(Authentication known) {
            return new Entry(known.identity(), "", null);
        }

        static Entry refused(String reason, Reply refusal) {
            return new Entry(Identity.ANONYMOUS, reason, refusal);
        }
    }
}
