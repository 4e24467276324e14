package io.github.csvbackup.http.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The socket that listens. After its constructor, all methods except {@link #address} are called by the server's thread. */
final class Acceptor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);
    private static final int BACKLOG = 512;

    /** Fewer than the reserved descriptors: the descriptor of a dropped connection is freed only in the next round. */
    private static final int ACCEPTED_AT_ONCE = 16;

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final NonBlockingServer server;
    private final Selector selector;
    private final InetSocketAddress address;
    private ServerSocketChannel listening;
    private SelectionKey accepting;
    private boolean pausing;
    private long acceptAgain;

    /** Binds the address. Clients can connect from now on. */
    Acceptor(NonBlockingServer server, InetSocketAddress where, Selector selector) throws IOException {
        this.server = server;
        this.selector = selector;
        this.listening = listen(where);
        try {
            this.address = (InetSocketAddress) listening.getLocalAddress();
            this.accepting = listening.register(selector, SelectionKey.OP_ACCEPT);
        } catch (IOException | RuntimeException e) {
            listening.close();
            throw e;
        }
    }

    private static ServerSocketChannel listen(InetSocketAddress where) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.bind(where, BACKLOG);
            channel.configureBlocking(false);
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** The bound address, with the actual port. */
    InetSocketAddress address() {
        return address;
    }

    /** Admits the clients that wait, some at once. */
    void accept() {
        for (int i = 0; i < ACCEPTED_AT_ONCE; i++) {
            SocketChannel channel = next();
            if (channel == null) {
                return;
            }
            try {
                server.admit(channel);
            } catch (IOException | RuntimeException | Error e) {
                server.closeQuietly(channel);
                LOG.debug("A connection was not admitted", e);
            }
        }
    }

    /** The next client; null if there is none, or if it cannot be accepted now. */
    private @Nullable SocketChannel next() {
        try {
            return listening.accept();
        } catch (IOException e) {
            if (listening.isOpen()) {
                server.makeRoom();
                pause();
                LOG.warn("Cannot accept a connection: {}", e.getMessage());
            }
            return null;
        }
    }

    private void pause() {
        acceptAgain = server.now() + PAUSE_NANOS;
        pausing = true;
        accepting.interestOps(0);
    }

    /** The time until {@link #resume} has something to do; {@link Long#MAX_VALUE} if it has nothing. */
    long nanosToResume(long now) {
        return pausing ? acceptAgain - now : Long.MAX_VALUE;
    }

    /** Accepts again after a pause, and listens again if an interrupt closed the socket. */
    void resume(long now) throws IOException {
        if (pausing && now - acceptAgain >= 0) {
            accepting.interestOps(SelectionKey.OP_ACCEPT);
            pausing = false;
        }
        // A thread that is interrupted while it uses a channel closes that channel permanently.
        if (!accepting.isValid() && server.loop().isOpen()) {
            server.closeQuietly(listening);
            listening = listen(address);
            accepting = listening.register(selector, SelectionKey.OP_ACCEPT);
            pausing = false;
            LOG.warn("An interrupt closed the HTTP server's socket; the server listens again");
        }
    }

    @Override
    public void close() {
        server.closeQuietly(listening);
    }
}
