package io.github.csvbackup.http.server;

import io.github.csvbackup.security.AddressGroup;
import io.github.csvbackup.security.Tls;
import io.github.csvbackup.threads.SupervisedLoop;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server: one thread reads and writes all connections and never waits for a client; the lanes' threads do slow
 * work. If there are too many connections, the one without progress for longest is dropped.
 */
public final class NonBlockingServer implements AutoCloseable {
    /** The answer of a server with TLS to a request in plain HTTP. */
    public static final String USES_TLS = "This port uses TLS, not plain HTTP. Use https://.";

    private static final Logger LOG = LoggerFactory.getLogger(NonBlockingServer.class);
    private static final long FAILURE_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(5);

    /** While others wait for memory, a client that reads an answer must make progress within this time. */
    private static final long CROWDED_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Service service;
    private final Limits limits;
    private final @Nullable Tls tls;
    private final Selector selector;
    private final SupervisedLoop loop;
    private final Acceptor acceptor;
    private final Work work;
    private final Crowd crowd = new Crowd();
    private final HeldBytes held;
    private final Descriptors descriptors = new Descriptors();
    private final ByteBuffer scratch = ByteBuffer.allocate(TlsTransport.SCRATCH_BYTES);
    private final ByteBuffer encrypted;
    private final ByteBuffer plain;
    private boolean failed;
    private volatile boolean started;
    private volatile boolean tlsChanged;

    private NonBlockingServer(InetSocketAddress where, @Nullable Tls tls, Limits limits, Service service)
            throws IOException {
        this.service = service;
        this.limits = limits;
        this.tls = tls;
        // Without TLS, what is read and what is written is never under way at the same time.
        this.encrypted = tls == null ? scratch : ByteBuffer.allocate(TlsTransport.SCRATCH_BYTES);
        this.plain = tls == null ? scratch : ByteBuffer.allocate(TlsTransport.SCRATCH_BYTES);
        String name = tls == null ? "csv-backup-http" : "csv-backup-https";
        this.loop = new SupervisedLoop(name, this::round, this::pauseAfterFailure);
        this.held = new HeldBytes(limits.heldBytes(), crowd, this::drop);
        this.selector = Selector.open();
        try {
            this.work = new Work(name, held, selector);
            this.acceptor = new Acceptor(this, where, selector);
        } catch (IOException | RuntimeException e) {
            selector.close();
            throw e;
        }
    }

    /**
     * Binds the address. Clients can connect from now on; they are answered after {@link #start()}.
     *
     * @param tls null for plain HTTP
     * @throws IOException if the address cannot be bound, see {@link ServerSocketChannel#bind}
     */
    public static NonBlockingServer bind(InetSocketAddress where, @Nullable Tls tls, Limits limits, Service service)
            throws IOException {
        return new NonBlockingServer(where, tls, limits, service);
    }

    /** Starts to answer requests. */
    public void start() {
        started = true;
        if (tls != null) {
            tls.onChange(this::tlsChanged);
        }
        loop.start();
    }

    /** The server's thread, for the supervisor. */
    public SupervisedLoop loop() {
        return loop;
    }

    /** The bound address, with the actual port. */
    public InetSocketAddress address() {
        return acceptor.address();
    }

    /** The number of open connections. */
    public int connections() {
        return crowd.size();
    }

    private void round() throws IOException {
        failed = true;
        if (work.hasResults()) {
            selector.selectNow();
        } else {
            selector.select(millisToWait());
        }
        closeOutdated();
        for (SelectionKey key : selector.selectedKeys()) {
            if (key.attachment() instanceof Connection connection) {
                connection.guarded(connection::proceed);
            } else {
                acceptor.accept();
            }
        }
        selector.selectedKeys().clear();
        work.takeResults();
        dropOverdue();
        acceptor.resume(now());
        failed = false;
    }

    private void tlsChanged() {
        tlsChanged = true;
        selector.wakeup();
    }

    /** A client that waits between two requests connects again. Of others, the next request is not answered. */
    private void closeOutdated() {
        if (tlsChanged) {
            tlsChanged = false;
            for (Connection each : crowd.all()) {
                each.closeIfIdleAndOutdated();
            }
        }
    }

    private void pauseAfterFailure() {
        if (!loop.isOpen()) {
            // On this thread: the caller of close may have stopped waiting for it.
            end();
        } else if (failed) {
            LockSupport.parkNanos(FAILURE_PAUSE_NANOS);
        }
    }

    private long millisToWait() {
        long now = now();
        long nanos = Math.min(crowd.nanosToNextEnd(now), acceptor.nanosToResume(now));
        if (held.makeOthersWait()) {
            nanos = Math.min(nanos, CROWDED_NANOS);
        }
        // 0 would wait indefinitely. One millisecond more, so that the time is over afterwards.
        return nanos == Long.MAX_VALUE ? 0 : Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos) + 1);
    }

    /** Makes a connection of a client. */
    void admit(SocketChannel channel) throws IOException {
        if (!(channel.getRemoteAddress() instanceof InetSocketAddress from)) {
            throw new IOException("a client without an address");
        }
        InetAddress client = from.getAddress();
        String group = AddressGroup.of(client);
        boolean room = true;
        if (!client.isLoopbackAddress() && crowd.size(group) >= limits.connectionsPerAddress()) {
            room = makeRoom(crowd.oldest(group));
        }
        if (room && (crowd.size() >= limits.connections() || descriptors.areScarce(now()))) {
            room = makeRoom(crowd.oldest());
        }
        if (!room) {
            service.dropped("accepted");
            channel.close();
            return;
        }
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        Transport transport = tls == null
                ? new PlainTransport(channel, plain)
                : new TlsTransport(channel, ServerEngine.of(tls), encrypted, plain);
        SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
        Connection connection = new Connection(this, key, transport, client);
        key.attach(connection);
        connection.guarded(connection::proceed);
    }

    /** Drops a connection to make room for another, if one can be dropped. */
    void makeRoom() {
        makeRoom(crowd.oldest());
    }

    /** @return false if none can be dropped */
    private boolean makeRoom(@Nullable Connection oldest) {
        if (oldest == null) {
            return false;
        }
        drop(oldest);
        return true;
    }

    private void drop(Connection connection) {
        service.dropped(connection.phaseName());
        connection.close();
    }

    private void dropOverdue() {
        long now = now();
        for (Connection each = crowd.overdue(now); each != null; each = crowd.overdue(now)) {
            each.close();
        }
        Connection slow = crowd.first(Phase.WRITING);
        while (held.makeOthersWait() && slow != null && now - slow.since() >= CROWDED_NANOS) {
            drop(slow);
            slow = crowd.first(Phase.WRITING);
        }
    }

    private void end() {
        held.forgetWaiting();
        for (Connection each : crowd.all()) {
            each.close();
        }
        acceptor.close();
        closeQuietly(selector);
    }

    // Called by the connections.

    void closeQuietly(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("Closing a socket failed", e);
        }
    }

    Service service() {
        return service;
    }

    long now() {
        return System.nanoTime();
    }

    Instant instant() {
        return Instant.now();
    }

    int largestBody() {
        return limits.largestBody();
    }

    Answer failed() {
        return service.failure();
    }

    void waits(Connection connection, Phase before, Phase next) {
        crowd.move(connection, before, next);
    }

    /** @param lane the lane that the connection may wait for */
    void forget(Connection connection, @Nullable Lane lane) {
        crowd.remove(connection);
        if (lane != null) {
            work.leave(lane, connection);
        }
    }

    /** Counts the bytes held for a connection; may drop it or another one. */
    void holds(Connection connection, int more) {
        held.add(connection, more);
    }

    boolean write(Outgoing answer, Transport transport) throws IOException {
        return answer.write(transport, scratch);
    }

    Work work() {
        return work;
    }

    /** Stops the server at once: no thread, socket or memory remains. */
    @Override
    public void close() {
        // Do not let an interrupt stop this method halfway, which would leave sockets open. The caller gets the
        // interrupt back.
        boolean interrupted = Thread.interrupted();
        loop.close();
        selector.wakeup();
        if (!started || loop.endsWithin(ENDS_WITHIN)) {
            end();
        } else {
            // Even if the thread does not end, it has no sockets left to serve.
            acceptor.close();
            closeQuietly(selector);
        }
        work.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
