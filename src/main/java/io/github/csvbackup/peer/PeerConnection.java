package io.github.csvbackup.peer;

import io.github.csvbackup.security.PeerTls;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/** A verified TLS connection to the agent of another node. One thread at a time uses it; any thread may close it. */
final class PeerConnection implements AutoCloseable {
    /** Less than the half minute after which an agent closes an idle connection. */
    private static final long MAY_BE_IDLE = TimeUnit.SECONDS.toNanos(25);

    /** Of a name; a node has an address for each network that clients may use. */
    private static final int MOST_ADDRESSES = 4;

    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private final TimedSocket socket;
    private final SSLContext context;
    private final SSLSession session;
    private final InputStream in;
    private final OutputStream out;
    private volatile long idleSince;

    private PeerConnection(TimedSocket socket, SSLContext context, SSLSocket tls) throws IOException {
        this.socket = socket;
        this.context = context;
        this.session = tls.getSession();
        this.in = new BufferedInputStream(tls.getInputStream());
        this.out = tls.getOutputStream();
    }

    /** The address took no connection. */
    static final class ConnectException extends IOException {
        private static final long serialVersionUID = 1L;

        ConnectException(IOException cause) {
            super(cause);
        }

        boolean isTimeout() {
            return getCause() instanceof SocketTimeoutException;
        }
    }

    /**
     * Connects, and verifies the other side before anything is sent to it.
     *
     * @throws java.net.UnknownHostException if the host has no address
     * @throws ConnectException if none of its addresses takes a connection
     * @throws IOException for each other failure, also with TLS
     */
    static PeerConnection open(PeerAddress address, SSLContext context, PeerTls tls, Deadline deadline)
            throws IOException {
        TimedSocket socket = connect(address, deadline);
        boolean open = false;
        try {
            // Both sides look for sessions and names by the node's name, wherever the connection goes.
            SSLSocket secure =
                    (SSLSocket) context.getSocketFactory().createSocket(socket, address.name(), address.port(), false);
            SSLParameters parameters = secure.getSSLParameters();
            parameters.setProtocols(PROTOCOLS);
            // An agent has one certificate, and Java's server refuses a name that has an underscore.
            parameters.setServerNames(List.of());
            secure.setSSLParameters(parameters);
            secure.startHandshake();
            PeerConnection connection = new PeerConnection(socket, context, secure);
            connection.check(tls, address);
            open = true;
            return connection;
        } finally {
            if (!open) {
                close(socket);
            }
        }
    }

    private static TimedSocket connect(PeerAddress address, Deadline deadline) throws IOException {
        InetAddress[] found = InetAddress.getAllByName(address.host());
        int count = Math.min(found.length, MOST_ADDRESSES);
        IOException last = new SocketException("no address");
        for (int i = 0; i < count; i++) {
            TimedSocket socket = new TimedSocket(deadline);
            try {
                socket.connect(new InetSocketAddress(found[i], address.port()), deadline.millis(count - i));
                socket.setTcpNoDelay(true);
                return socket;
            } catch (IOException e) {
                close(socket);
                last = e;
            }
        }
        throw new ConnectException(last);
    }

    /** Fails if the certificate of the other side does not count, or not any more. */
    private void check(PeerTls tls, PeerAddress address) throws IOException {
        try {
            tls.check(session, address.name());
        } catch (java.security.cert.CertificateException e) {
            throw new IOException(e);
        }
    }

    /** True if the connection speaks with the current identities of both sides, and was used lately. The other side may have closed it. */
    @SuppressWarnings("ReferenceEquality") // each renewal makes a new context
    boolean isUsable(PeerAddress address, SSLContext current, PeerTls tls, long now) {
        if (context != current || isIdleForLong(now)) {
            return false;
        }
        try {
            check(tls, address);
            return true;
        } catch (IOException e) {
            // A new connection says why.
            return false;
        }
    }

    /** Remembers when the connection was used last, by the monotonic clock that the other methods get. */
    void idleSince(long now) {
        idleSince = now;
    }

    boolean isIdleForLong(long now) {
        return now - idleSince > MAY_BE_IDLE;
    }

    /**
     * Sends a request and reads the answer.
     *
     * @throws LostException if the connection ended before the first byte of an answer
     */
    HttpAnswer exchange(byte[] request, Deadline deadline) throws IOException {
        socket.until(deadline);
        try {
            out.write(request);
            out.flush();
            in.mark(1);
            if (in.read() >= 0) {
                in.reset();
            }
        } catch (SocketException e) {
            LostException lost = new LostException(String.valueOf(e.getMessage()));
            lost.initCause(e);
            throw lost;
        }
        return HttpAnswer.read(in);
    }

    /** Closes at once: TLS would wait for the other side. */
    @Override
    public void close() {
        close(socket);
    }

    private static void close(TimedSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is not used any more.
        }
    }
}
