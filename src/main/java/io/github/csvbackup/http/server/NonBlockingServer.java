package io.github.csvbackup.http.server;

import io.github.csvbackup.security.AddressGroup;
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
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server: one thread that looks at what has arrived on all connections and never waits for a client, and the lanes' threads for what takes
 * long. When there are too many connections, the one is dropped that has made no progress for longest.
 */
public final class NonBlockingServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NonBlockingServer.class);
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};
    private static final int BACKLOG = 512;
    private static final int RESULTS_AT_ONCE = 256;

    /** Fewer than the descriptors that are spared: one that a dropped connection had is free again after the next round has begun. */
    private static final int ACCEPTED_AT_ONCE = 16;

    private static final long ACCEPT_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long FAILURE_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(5);

    /** A client that reads an answer makes progress at least so often while others wait for the memory that it holds. */
    private static final long CROWDED_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Service service;
    private final Limits limits;
    private final @Nullable SSLContext tls;
    private final Selector selector;
    private final SupervisedLoop loop = new SupervisedLoop("csv-backup-http", this::round, this::pauseAfterFailure);
    private final Lanes lanes = new Lanes();
    private final Turns turns = new Turns();
    private final Crowd crowd = new Crowd();
    private final Descriptors descriptors = new Descriptors();
    private final Queue<Job<?>> posted = new ConcurrentLinkedQueue<>();
    private final Queue<Runnable> deferred = new ArrayDeque<>();
    private final ByteBuffer scratch = ByteBuffer.allocate(TlsTransport.SCRATCH_BYTES);
    private final ByteBuffer encrypted = ByteBuffer.allocate(TlsTransport.SCRATCH_BYTES);
    private final ByteBuffer plain = ByteBuffer.allocate(TlsTransport.SCRATCH_BYTES);
    private final InetSocketAddress address;
    private ServerSocketChannel listening;
    private SelectionKey accepting;
    private long held;
    private long acceptAgain;
    private boolean pausing;
    private boolean failed;
    private volatile boolean started;

    private NonBlockingServer(InetSocketAddress where, @Nullable SSLContext tls, Limits limits, Service service)
            throws IOException {
        this.service = service;
        this.limits = limits;
        this.tls = tls;
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
     * Takes the address; clients may connect from now on, and are answered from {@link #start()} on.
     *
     * @param tls null for plain HTTP
     * @throws IOException if the address cannot be had, as of {@link ServerSocketChannel#bind}
     */
    public static NonBlockingServer bind(
            InetSocketAddress where, @Nullable SSLContext tls, Limits limits, Service service) throws IOException {
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

    /** Starts to answer. */
    public void start() {
        started = true;
        loop.start();
    }

    /** The server's thread, for its supervisor. */
    public SupervisedLoop loop() {
        return loop;
    }

    /** Where it listens, with the actual port. */
    public InetSocketAddress address() {
        return address;
    }

    /** Connections that are open now. */
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

    /** An interrupt that meets the use of a channel closes that channel for good. */
    private void listenAgainIfLost() throws IOException {
        if (!accepting.isValid() && loop.isOpen()) {
            closeQuietly(listening);
            listening = listen(address);
            accepting = listening.register(selector, SelectionKey.OP_ACCEPT);
            pausing = false;
            LOG.warn("The HTTP server had lost its socket by an interrupt, and listens again");
        }
    }

    private void pauseAfterFailure() {
        if (!loop.isOpen()) {
            // On this thread: it may have outlasted the patience of whoever closes.
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
        // 0 has no end. A millisecond more, so that the time is over then.
        return nanos == Long.MAX_VALUE ? 0 : Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos) + 1);
    }

    /** A step of a connection. */
    @FunctionalInterface
    interface Step {
        void take() throws IOException;
    }

    /** What goes wrong with one connection ends that connection. */
    private static void guarded(Connection connection, Step step) {
        try {
            step.take();
        } catch (IOException e) {
            // The client is gone, or speaks something else: there is nobody to tell.
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
                LOG.warn("No connection can be accepted now: {}", e.getMessage());
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
                : new TlsTransport(channel, engine(tls), encrypted, plain);
        SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
        Connection connection = new Connection(this, key, transport, client);
        key.attach(connection);
        guarded(connection, connection::proceed);
    }

    /** TLS 1.2 and newer, whatever the host's JVM allows besides. */
    private static SSLEngine engine(SSLContext tls) {
        SSLEngine engine = tls.createSSLEngine();
        SSLParameters parameters = tls.getDefaultSSLParameters();
        parameters.setProtocols(PROTOCOLS);
        engine.setSSLParameters(parameters);
        engine.setUseClientMode(false);
        return engine;
    }

    /** Drops a connection in favour of another. @return false if there is none */
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

    // For the connections.

    void closeQuietly(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("A socket did not close well", e);
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

    /** @param lane for which it may have been waiting */
    void forget(Connection connection, @Nullable Lane lane) {
        crowd.remove(connection);
        if (lane != null) {
            turns.leave(lane, connection.client(), connection);
        }
    }

    /**
     * Counts the bytes held for clients. If bodies take more than half of the limit and all together exceed it, a body makes room: first
     * a connection that waits for its turn is dropped, then the slowest sender. Answers alone are not a reason: they are sent soon, and
     * the few bytes of a body would not replace them.
     */
    void holds(Connection connection, int more) {
        held += more;
        while (more > 0 && connection.phase() == Phase.BODY && held > limits.heldBytes() && bodiesTakeTooMuch()) {
            Connection waiting = crowd.firstHolding(Phase.TURN);
            Connection slowest = crowd.first(Phase.BODY);
            makeRoom(waiting != null ? waiting : slowest != null ? slowest : connection);
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

    /** Takes what another thread has made; null if it failed. On the server's thread. */
    @FunctionalInterface
    interface Completion<T> {
        void accept(@Nullable T result) throws IOException;
    }

    /** Has another thread do something, and its result brought back. */
    <T> void work(Lane lane, Connection connection, Supplier<T> work, Completion<T> completion) {
        Job<T> job = new Job<>(connection, work, completion);
        try {
            lanes.of(lane).execute(job);
        } catch (RuntimeException | Error e) {
            post(job);
            LOG.error("A request could not be worked on", e);
        }
    }

    /** The same, when it is the turn of that connection's address. */
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

    /** What fails here is that connection's, and of no other for which this may be called. */
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
                // Lost, it would leave its connection waiting without end. Memory comes back, or the host ends.
                LockSupport.parkNanos(FAILURE_PAUSE_NANOS);
            }
        }
    }

    /** Work for a connection, and then its result. */
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
                // A foreign interrupt is not to meet the next one's work.
                Thread.interrupted();
                post(this);
            }
        }

        /** Once, though the pool may have kept a job that it failed to start a thread for. */
        @Override
        public void take() throws IOException {
            if (!completed) {
                completed = true;
                completion.accept(result);
            }
        }
    }

    /** Ends it at once; nothing of it remains. */
    @Override
    public void close() {
        // The interrupt is for what the caller does next: cut short, this would leave sockets open.
        boolean interrupted = Thread.interrupted();
        loop.close();
        selector.wakeup();
        if (!started || loop.endsWithin(ENDS_WITHIN)) {
            end();
        } else {
            // Whatever holds the thread: without its sockets it serves nobody.
            closeQuietly(listening);
            closeQuietly(selector);
        }
        lanes.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
