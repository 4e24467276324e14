package io.github.csvbackup.http.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** TLS on a socket, by the JDK's engine. Between two calls it holds only what could not be used or sent yet. */
final class TlsTransport implements Transport {
    /** More than any TLS record or its content has. */
    static final int SCRATCH_BYTES = 36 * 1024;

    /** So often one call reads the socket: the others' turn comes, however fast one client sends. */
    private static final int MOST_RECEIPTS = 4;

    private static final int MOST_EMPTY_RECORDS = 64;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SocketChannel channel;
    private final SSLEngine engine;
    private final ByteBuffer encrypted;
    private final ByteBuffer plain;
    private ByteBuffer received = NOTHING;
    private ByteBuffer unsent = NOTHING;
    private boolean begun;
    private boolean established;

    /**
     * TLS of one client.
     *
     * @param engine in server mode
     * @param encrypted memory for one call, shared by all connections
     * @param plain another
     */
    TlsTransport(SocketChannel channel, SSLEngine engine, ByteBuffer encrypted, ByteBuffer plain) {
        this.channel = channel;
        this.engine = engine;
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
                        throw new SSLException("the handshake does not go on");
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
                    // Before its first byte an engine of a server is not handshaking yet.
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
            throw new MalformedRequestException(400, "This port speaks TLS, and not plain HTTP. Use https://.");
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

    /** What a task has found wrong is said here, and in an alert. */
    private SSLEngineResult wrapHandshake() throws IOException {
        try {
            return wrap(NOTHING);
        } catch (SSLException e) {
            sendAlert();
            throw e;
        }
    }

    /** Tells the client why, as far as it listens. */
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

    /** TLS 1.3 may change keys in between. Another handshake would cost this server more than the client, and nobody needs it. */
    private void answerHandshake(HandshakeStatus status) throws IOException {
        if (status == HandshakeStatus.NEED_TASK) {
            throw new SSLException("the client wants another handshake");
        }
        if (status == HandshakeStatus.NEED_WRAP) {
            if (!flush()) {
                throw new SSLException("the client asks and does not read");
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

    /** Receives behind what is left of earlier bytes. @return as of the channel */
    private int receive() throws IOException {
        encrypted.clear().put(received);
        int before = encrypted.position();
        int count = channel.read(encrypted);
        encrypted.flip();
        received = encrypted.hasRemaining() ? copy(encrypted) : NOTHING;
        return count < 0 ? -1 : encrypted.limit() - before;
    }

    /** Encrypts into what is not sent yet; sends what the client takes at once. */
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
