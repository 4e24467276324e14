package io.github.csvbackup.http.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.cert.X509Certificate;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** TLS on a socket, with the JDK's engine. Between calls it keeps only bytes that could not be consumed or sent yet. */
final class TlsTransport implements Transport {
    /** Larger than any TLS record or its content. */
    static final int SCRATCH_BYTES = 36 * 1024;

    /** Maximum reads of the socket in one call, so that a fast sender does not block other connections. */
    private static final int MOST_RECEIPTS = 4;

    private static final int MOST_EMPTY_RECORDS = 64;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SocketChannel channel;
    private final SSLEngine engine;
    private final BooleanSupplier outdated;
    private final ByteBuffer encrypted;
    private final ByteBuffer plain;
    private ByteBuffer received = NOTHING;
    private ByteBuffer unsent = NOTHING;
    private boolean begun;
    private boolean established;

    /**
     * Creates the transport of one client.
     *
     * @param encrypted buffer for one call, shared by all connections
     * @param plain a second such buffer
     */
    TlsTransport(SocketChannel channel, ServerEngine engine, ByteBuffer encrypted, ByteBuffer plain) {
        this.channel = channel;
        this.engine = engine.engine();
        this.outdated = engine.outdated();
        this.encrypted = encrypted;
        this.plain = plain;
    }

    @Override
    public Handshake handshake() throws IOException, MalformedRequestException {
        int receipts = 0;
        while (true) {
            if (!flush()) {
                return Handshake.OUTPUT;
            }
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> {
                    return Handshake.TASK;
                }
                case NEED_WRAP -> {
                    SSLEngineResult result = wrapHandshake();
                    if (result.getStatus() == SSLEngineResult.Status.CLOSED && !unsent.hasRemaining()) {
                        return Handshake.ENDED;
                    }
                    if (result.bytesProduced() == 0 && engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                        throw new SSLException("the handshake makes no progress");
                    }
                }
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    SSLEngineResult.Status status = unwrapHandshake();
                    if (status == SSLEngineResult.Status.BUFFER_UNDERFLOW) {
                        int count = receipts++ < MOST_RECEIPTS ? receive() : 0;
                        if (count <= 0) {
                            return count == 0 ? Handshake.INPUT : Handshake.ENDED;
                        }
                        refusePlainText();
                    } else if (status == SSLEngineResult.Status.CLOSED) {
                        return Handshake.ENDED;
                    }
                }
                case FINISHED, NOT_HANDSHAKING -> {
                    // Before the first byte a server's engine does not report a handshake.
                    if (begun) {
                        established = true;
                        return Handshake.DONE;
                    }
                    engine.beginHandshake();
                    begun = true;
                }
            }
        }
    }

    /** A request in plain HTTP begins with a letter, TLS with 22. */
    private void refusePlainText() throws MalformedRequestException {
        byte first = received.get(received.position());
        if (!established && first >= 'A' && first <= 'Z') {
            throw new MalformedRequestException(400, NonBlockingServer.USES_TLS);
        }
    }

    private SSLEngineResult.Status unwrapHandshake() throws IOException {
        plain.clear();
        try {
            return engine.unwrap(received, plain).getStatus();
        } catch (SSLException e) {
            sendAlert();
            throw e;
        }
    }

    /** Errors found by a task are thrown here, and sent to the client as an alert. */
    private SSLEngineResult wrapHandshake() throws IOException {
        try {
            return wrap(NOTHING);
        } catch (SSLException e) {
            sendAlert();
            throw e;
        }
    }

    /** Sends the client an alert, as far as it reads. */
    private void sendAlert() throws IOException {
        while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
            if (wrap(NOTHING).bytesProduced() == 0) {
                break;
            }
        }
        flush();
    }

    @Override
    public @Nullable Runnable task() {
        return engine.getDelegatedTask();
    }

    @Override
    public @Nullable X509Certificate certificate() {
        try {
            return engine.getSession().getPeerCertificates()[0] instanceof X509Certificate certificate
                    ? certificate
                    : null;
        } catch (SSLPeerUnverifiedException e) {
            // Without a certificate.
            return null;
        }
    }

    @Override
    public boolean isOutdated() {
        return outdated.getAsBoolean();
    }

    @Override
    public int read(InputBuffer input) throws IOException {
        int receipts = 0;
        for (int records = 0; records < MOST_EMPTY_RECORDS; records++) {
            plain.clear();
            SSLEngineResult result;
            try {
                result = engine.unwrap(received, plain);
            } catch (SSLException e) {
                sendAlert();
                throw e;
            }
            if (plain.position() > 0) {
                int count = plain.position();
                input.append(plain.flip());
                return count;
            }
            switch (result.getStatus()) {
                case CLOSED -> {
                    return -1;
                }
                case BUFFER_UNDERFLOW -> {
                    int count = receipts++ < MOST_RECEIPTS ? receive() : 0;
                    if (count <= 0) {
                        return count;
                    }
                }
                default -> answerHandshake(result.getHandshakeStatus());
            }
        }
        throw new SSLException("the client sends records without content");
    }

    @Override
    public int discard() throws IOException {
        received = NOTHING;
        return channel.read(encrypted.clear());
    }

    /** TLS 1.3 may update keys. A second handshake would cost this server more than the client and is not needed. */
    private void answerHandshake(HandshakeStatus status) throws IOException {
        if (status == HandshakeStatus.NEED_TASK) {
            throw new SSLException("the client asks for a second handshake");
        }
        if (status == HandshakeStatus.NEED_WRAP) {
            if (!flush()) {
                throw new SSLException("the client sends requests and does not read the answers");
            }
            wrap(NOTHING);
        }
    }

    @Override
    public boolean write(ByteBuffer bytes) throws IOException {
        while (flush()) {
            if (!bytes.hasRemaining()) {
                return true;
            }
            if (wrap(bytes).getStatus() == SSLEngineResult.Status.CLOSED) {
                throw new SSLException("the client has ended TLS");
            }
        }
        return false;
    }

    @Override
    public void endOutput() throws IOException {
        engine.closeOutbound();
        sendAlert();
        channel.shutdownOutput();
    }

    @Override
    public Transport withoutTls() {
        return new PlainTransport(channel, plain);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** Receives after the remaining earlier bytes. @return as {@code read} of the channel */
    private int receive() throws IOException {
        encrypted.clear().put(received);
        int before = encrypted.position();
        int count = channel.read(encrypted);
        encrypted.flip();
        received = encrypted.hasRemaining() ? copy(encrypted) : NOTHING;
        return count < 0 ? -1 : encrypted.limit() - before;
    }

    /** Encrypts into the send buffer and sends what the client accepts at once. */
    private SSLEngineResult wrap(ByteBuffer bytes) throws IOException {
        encrypted.clear().put(unsent);
        SSLEngineResult result = engine.wrap(bytes, encrypted);
        encrypted.flip();
        channel.write(encrypted);
        unsent = encrypted.hasRemaining() ? copy(encrypted) : NOTHING;
        return result;
    }

    private boolean flush() throws IOException {
        if (unsent.hasRemaining()) {
            channel.write(unsent);
        }
        if (!unsent.hasRemaining()) {
            unsent = NOTHING;
        }
        return !unsent.hasRemaining();
    }

    private static ByteBuffer copy(ByteBuffer bytes) {
        ByteBuffer copy = ByteBuffer.allocate(bytes.remaining());
        return copy.put(bytes).flip();
    }
}
