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
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
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
    private static final int BACKLOG = 512;
    private static final int RESULTS_AT_ONCE = 256;

    /** Fewer than the reserved descriptors: the descriptor of a dropped connection is freed only in the next round. */
    private static final int ACCEPTED_AT_ONCE = 16;

    private static final long ACCEPT_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long FAILURE_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(5);

    /** While others wait for memory, a client that reads an answer must make progress within this time. */
    private static final long CROWDED_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Service service;
    private final Limits limits;
    private final @Nullable Tls tls;
    private final Selector selector;
    private final SupervisedLoop loop;
    private final Lanes lanes;
    private final Turns turns = new Turns();
    private final Crowd crowd = new Crowd();
    private final Descriptors descriptors = new Descriptors();
    private final Queue<Job<?>> posted = new ConcurrentLinkedQueue<>();
    private final Queue<Runnable> deferred = new ArrayDeque<>();
    private final ByteBuffer scratch = ByteBuffer.allocate(TlsTransport.SCRATCH_BYTES);
    private final ByteBuffer encrypted;
    private final ByteBuffer plain;
    private final InetSocketAddress address;
    private ServerSocketChannel listening;
    private SelectionKey accepting;
    private long held;
    private long acceptAgain;
    private boolean pausing;
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
        this.lanes = new Lanes(name);
        this.selector = Selector.open();
        try {
            this.listening = listen(where);
            this.address = (InetSocketAddress) listening.getLocalAddress();
            this.accepting = listening.register(selector, SelectionKey.OP_ACCEPT);
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
        return address;
    }

    /** The number of open connections. */
    public int connections() {
        return crowd.size();
    }

    private void round() throws IOException {
        failed = true;
        if (posted.isEmpty()) {
            selector.select(millisToWait());
        } else {
            selector.selectNow();
        }
        closeOutdated();
        for (SelectionKey key : selector.selectedKeys()) {
            if (key.attachment() instanceof Connection connection) {
                guarded(connection, connection::proceed);
            } else {
                accept();
            }
        }
        selector.selectedKeys().clear();
        for (int i = 0; i < RESULTS_AT_ONCE; i++) {
            Job<?> job = posted.poll();
            if (job == null) {
                break;
            }
            guarded(job.connection, job);
        }
        dropOverdue();
        if (pausing && now() - acceptAgain >= 0) {
            accepting.interestOps(SelectionKey.OP_ACCEPT);
            pausing = false;
        }
        listenAgainIfLost();
        failed = false;
    }

    /** A thread that is interrupted while it uses a channel closes that channel permanently. */
    private void listenAgainIfLost() throws IOException {
        if (!accepting.isValid() && loop.isOpen()) {
            closeQuietly(listening);
            listening = listen(address);
            accepting = listening.register(selector, SelectionKey.OP_ACCEPT);
            pausing = false;
            LOG.warn("An interrupt closed the HTTP server's socket; the server listens again");
        }
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
        long nanos = crowd.nanosToNextEnd(now());
        if (!deferred.isEmpty()) {
            nanos = Math.min(nanos, CROWDED_NANOS);
        }
        if (pausing) {
            nanos = Math.min(nanos, acceptAgain - now());
        }
        // 0 would wait indefinitely. One millisecond more, so that the time is over afterwards.
        return nanos == Long.MAX_VALUE ? 0 : Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos) + 1);
    }

    /** One step of a connection. */
    @FunctionalInterface
    interface Step {
        void take() throws IOException;
    }

    /** A failure of one connection closes that connection only. */
    private static void guarded(Connection connection, Step step) {
        try {
            step.take();
        } catch (IOException e) {
            // The client has gone, or uses another protocol: no answer can reach it.
            LOG.debug("A connection ended early", e);
            connection.close();
        } catch (RuntimeException | Error e) {
            connection.close();
            LOG.error("A connection was closed: its request failed", e);
        }
    }

    private void accept() {
        for (int i = 0; i < ACCEPTED_AT_ONCE; i++) {
            SocketChannel channel;
            try {
                channel = listening.accept();
            } catch (IOException e) {
                if (!listening.isOpen()) {
                    return;
                }
                makeRoom(crowd.oldest());
                pauseAccepting();
                LOG.warn("Cannot accept a connection: {}", e.getMessage());
                return;
            }
            if (channel == null) {
                return;
            }
            try {
                admit(channel);
            } catch (IOException | RuntimeException | Error e) {
                closeQuietly(channel);
                LOG.debug("A connection was not admitted", e);
            }
        }
    }

    private void pauseAccepting() {
        acceptAgain = now() + ACCEPT_PAUSE_NANOS;
        pausing = true;
        accepting.interestOps(0);
    }

    private void admit(SocketChannel channel) throws IOException {
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
        guarded(connection, connection::proceed);
    }

    /** Drops a connection to make room for another. @return false if none can be dropped */
    private boolean makeRoom(@Nullable Connection oldest) {
        if (oldest == null) {
            return false;
        }
        service.dropped(oldest.phaseName());
        oldest.close();
        return true;
    }

    private void dropOverdue() {
        long now = now();
        for (Connection each = crowd.overdue(now); each != null; each = crowd.overdue(now)) {
            each.close();
        }
        Connection slow = crowd.first(Phase.WRITING);
        while (!deferred.isEmpty() && slow != null && now - slow.since() >= CROWDED_NANOS) {
            makeRoom(slow);
            slow = crowd.first(Phase.WRITING);
        }
    }

    private void end() {
        deferred.clear();
        for (Connection each : crowd.all()) {
            each.close();
        }
        closeQuietly(listening);
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
            turns.leave(lane, connection.client(), connection);
        }
    }

    /**
     * Counts the bytes held for clients. If bodies take more than half of the limit and all together exceed the limit, connections are
     * dropped: the slowest sender, or the one with the largest body that waits for its turn, whichever holds more. So large bodies do not
     * displace small ones. Answers alone are not a reason: they are sent soon, and the few bytes of a body would not replace them.
     */
    void holds(Connection connection, int more) {
        held += more;
        while (more > 0 && connection.phase() == Phase.BODY && held > limits.heldBytes() && bodiesTakeTooMuch()) {
            makeRoom(crowd.holdsMuch(connection));
            if (!connection.isOpen()) {
                return;
            }
        }
        while (held <= limits.heldBytes() && !deferred.isEmpty()) {
            deferred.remove().run();
        }
    }

    /** Until its answer is written, a connection holds a body. */
    private boolean bodiesTakeTooMuch() {
        return crowd.held(Phase.BODY) + crowd.held(Phase.TURN) + crowd.held(Phase.WORK) > limits.heldBytes() / 2;
    }

    boolean write(Outgoing answer, Transport transport) throws IOException {
        return answer.write(transport, scratch);
    }

    /** Receives the result of another thread, or null if it failed. On the server's thread. */
    @FunctionalInterface
    interface Completion<T> {
        void accept(@Nullable T result) throws IOException;
    }

    /** Runs work on another thread and brings the result back. */
    <T> void work(Lane lane, Connection connection, Supplier<T> work, Completion<T> completion) {
        Job<T> job = new Job<>(connection, work, completion);
        try {
            lanes.of(lane).execute(job);
        } catch (RuntimeException | Error e) {
            post(job);
            LOG.error("A request could not be started", e);
        }
    }

    /** The same, when the turn of the connection's address has come. */
    <T> void workInTurn(Lane lane, Connection connection, Supplier<T> work, Completion<T> completion) {
        turns.take(lane, connection.client(), connection, () -> {
            if (!connection.isOpen()) {
                return false;
            }
            if (lane == Lane.READERS && held > limits.heldBytes()) {
                deferred.add(() -> {
                    if (!connection.isOpen() || !begun(lane, connection, work, completion)) {
                        turns.end(lane, connection.client());
                    }
                });
                return true;
            }
            return begun(lane, connection, work, completion);
        });
    }

    /** A failure here concerns that connection only, not the one for which this was called. */
    private <T> boolean begun(Lane lane, Connection connection, Supplier<T> work, Completion<T> completion) {
        try {
            connection.begin();
            work(lane, connection, work, completion);
            return true;
        } catch (RuntimeException | Error e) {
            connection.close();
            LOG.error("A request could not begin", e);
            return false;
        }
    }

    void endTurn(Lane lane, String client) {
        turns.end(lane, client);
    }

    private void post(Job<?> job) {
        while (true) {
            try {
                posted.add(job);
                selector.wakeup();
                return;
            } catch (OutOfMemoryError e) {
                // If the result were lost, its connection would wait indefinitely. So retry until memory is available
                // or the host ends.
                LockSupport.parkNanos(FAILURE_PAUSE_NANOS);
            }
        }
    }

    /** Work for a connection, and later its result. */
    private final class Job<T> implements Runnable, Step {
        private final Connection connection;
        private final Supplier<T> work;
        private final Completion<T> completion;
        private volatile @Nullable T result;
        private boolean completed;

        Job(Connection connection, Supplier<T> work, Completion<T> completion) {
            this.connection = connection;
            this.work = work;
            this.completion = completion;
        }

        @Override
        public void run() {
            try {
                if (connection.isOpen()) {
                    result = work.get();
                }
            } catch (RuntimeException | Error e) {
                LOG.error("A request failed", e);
            } finally {
                // An interrupt by other code must not affect the next work.
                Thread.interrupted();
                post(this);
            }
        }

        /** Runs once, even if the pool kept a job for which it failed to start a thread. */
        @Override
        public void take() throws IOException {
            if (!completed) {
                completed = true;
                completion.accept(result);
            }
        }
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
            closeQuietly(listening);
            closeQuietly(selector);
        }
        lanes.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
