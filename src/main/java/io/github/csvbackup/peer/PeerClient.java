package io.github.csvbackup.peer;

import io.github.csvbackup.security.PeerCertificateException;
import io.github.csvbackup.security.PeerTls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to the agents of other nodes, and keeps one connection to each between them. An own client, because the JDK's shares its settings,
 * cookies, passwords and kept connections with the host, and would keep this agent's classes after a detach. Has no thread. Thread-safe.
 */
final class PeerClient implements AutoCloseable {
    private final PeerTls tls;
    private final Duration connecting;
    private final LongSupplier nanoTime;
    private final Map<PeerAddress, PeerConnection> kept = new ConcurrentHashMap<>();
    private final Set<PeerConnection> inUse = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * Connects to no agent yet.
     *
     * @param connecting how long an agent may take to accept a connection, so that a host that drops packets is noticed early
     * @param nanoTime monotonic, for the age of kept connections
     */
    PeerClient(PeerTls tls, Duration connecting, LongSupplier nanoTime) {
        this.tls = tls;
        this.connecting = connecting;
        this.nanoTime = nanoTime;
    }

    /**
     * Sends a question, and returns the body of the answer, whose status is 200. Follows no redirect.
     *
     * @param deadline for all of it, except looking up the host's name, which the system limits
     */
    String ask(PeerAddress address, Question question, Deadline deadline) throws PeerException {
        HttpAnswer answer;
        try {
            answer = exchange(address, question, deadline);
        } catch (IOException e) {
            throw failure(e, address, deadline);
        } catch (PeerCertificateException e) {
            throw PeerFailures.ofCertificate(e, address);
        }
        if (answer.status() != 200) {
            throw PeerFailures.ofStatus(answer, address);
        }
        return answer.body();
    }

    private PeerException failure(IOException failure, PeerAddress address, Deadline deadline) {
        return closed ? PeerFailures.stopping(address) : PeerFailures.of(failure, address, deadline);
    }

    private static byte[] request(PeerAddress address, String json) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        byte[] head = ("POST /jolokia/ HTTP/1.1\r\nHost: " + address.authority()
                        + "\r\nUser-Agent: csv-backup-agent\r\nContent-Type: application/json; charset=utf-8\r\n"
                        + "Content-Length: " + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        byte[] all = new byte[head.length + body.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        return all;
    }

    private HttpAnswer exchange(PeerAddress address, Question question, Deadline deadline)
            throws IOException, PeerCertificateException, PeerException {
        SSLContext context = tls.context();
        byte[] request = request(address, question.json());
        // A list starts the VSS service, so the request for it must not be sent twice, and a kept connection may be
        // lost.
        PeerConnection old = question.withShadowCopies() ? null : takeKept(address, context);
        if (old != null) {
            try {
                return exchange(old, address, request, deadline);
            } catch (LostException e) {
                // The other side has closed it meanwhile. The question changes nothing, so it may arrive twice.
            }
        }
        return exchange(open(address, context, deadline.ofPart(connecting)), address, request, deadline);
    }

    private PeerConnection open(PeerAddress address, SSLContext context, Deadline deadline) throws PeerException {
        try {
            return PeerConnection.open(address, context, tls, deadline);
        } catch (IOException e) {
            throw failure(e, address, deadline);
        }
    }

    private @Nullable PeerConnection takeKept(PeerAddress address, SSLContext context) {
        PeerConnection old = kept.remove(address);
        if (old == null || old.isUsable(address, context, tls, nanoTime.getAsLong())) {
            return old;
        }
        old.close();
        return null;
    }

    private HttpAnswer exchange(PeerConnection connection, PeerAddress address, byte[] request, Deadline deadline)
            throws IOException {
        boolean keep = false;
        inUse.add(connection);
        try {
            if (closed) {
                throw new IOException("this agent stops");
            }
            HttpAnswer answer = connection.exchange(request, deadline);
            keep = answer.keep();
            return answer;
        } finally {
            inUse.remove(connection);
            if (keep) {
                connection.idleSince(nanoTime.getAsLong());
                keep(address, connection);
            } else {
                connection.close();
            }
        }
    }

    private void keep(PeerAddress address, PeerConnection connection) {
        PeerConnection other = kept.put(address, connection);
        if (other != null) {
            other.close();
        }
        if (closed) {
            closeAll();
        }
    }

    /** Closes the connections that were not used for a while. Does not block. */
    void closeIdle() {
        kept.forEach((address, connection) -> {
            if (connection.isIdleForLong(nanoTime.getAsLong()) && kept.remove(address, connection)) {
                connection.close();
            }
        });
    }

    /** Ends the requests in progress too. */
    @Override
    public void close() {
        closed = true;
        closeAll();
    }

    private void closeAll() {
        kept.values().forEach(PeerConnection::close);
        kept.clear();
        inUse.forEach(PeerConnection::close);
    }
}
