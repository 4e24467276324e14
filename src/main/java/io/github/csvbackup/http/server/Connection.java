package io.github.csvbackup.http.server;

import io.github.csvbackup.security.AddressGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state machine of one client's connection. All methods are called by the server's thread. Slow work runs on another thread,
 * which posts the result back.
 */
final class Connection {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    /** Maximum bytes that are read and discarded after an early answer. */
    private static final int MOST_DISCARDED = 1024 * 1024;

    /** Steps that a client which keeps sending gets before other connections are served. */
    private static final int STEPS_AT_ONCE = 32;

    /** Pieces of an answer that are sent before other connections are served. */
    private static final int PIECES_AT_ONCE = 8;

    /** Minimum bytes of an answer that a client must take within one time-out. */
    private static final int PROGRESS = 64 * 1024;

    private static final byte[] CONTINUE = {
        'H', 'T', 'T', 'P', '/', '1', '.', '1', ' ', '1', '0', '0', ' ', 'C', 'o', 'n', 't', 'i', 'n', 'u', 'e', '\r',
        '\n', '\r', '\n'
    };
    private static final byte[] NO_BODY = {};

    private final NonBlockingServer server;
    private final SelectionKey key;
    private Transport transport;
    private final InetAddress address;
    private final String client;
    private final InputBuffer input = new InputBuffer();
    private final HeadParser heads = new HeadParser(input);

    /** The body, from the time it is complete until the request is answered. */
    private final AtomicReference<byte @Nullable []> received = new AtomicReference<>();

    private Phase phase;
    private long since;
    /** Also read by other threads: work that has not begun for a closed connection is skipped. */
    private volatile boolean open = true;

    private boolean keep;
    private int discarded;
    private int sinceProgress;
    private @Nullable Head head;
    private Decision.@Nullable Admitted admitted;
    private @Nullable BodyParser body;
    private int counted;
    private @Nullable Lane lane;
    private @Nullable Outgoing outgoing;

    Connection(NonBlockingServer server, SelectionKey key, Transport transport, InetAddress address) {
        this.server = server;
        this.key = key;
        this.transport = transport;
        this.address = address;
        this.client = AddressGroup.of(address);
        this.phase = Phase.HANDSHAKE;
        enter(Phase.HANDSHAKE);
    }

    /** The client as counted by the limits: its {@link AddressGroup}. */
    String client() {
        return client;
    }

    Phase phase() {
        return phase;
    }

    /** When the current phase began, by the monotonic clock. */
    long since() {
        return since;
    }

    /** Bytes of a body or an answer held in memory for this connection. */
    int held() {
        return counted;
    }

    /** Sets the number of bytes held for this connection. */
    private void count(int now) {
        int more = now - counted;
        counted = now;
        server.holds(this, more);
    }

    private void enter(Phase next) {
        if (!open) {
            return;
        }
        server.waits(this, phase, next);
        phase = next;
        since = server.now();
    }

    /** One step of a connection. */
    @FunctionalInterface
    interface Step {
        void take() throws IOException;
    }

    /** Takes a step. Its failure closes this connection only. */
    void guarded(Step step) {
        try {
            step.take();
        } catch (IOException e) {
            // The client has gone, or uses another protocol: no answer can reach it.
            LOG.debug("A connection ended early", e);
            close();
        } catch (RuntimeException | Error e) {
            close();
            LOG.error("A connection was closed: its request failed", e);
        }
    }

    /** Runs until the client or another thread has to act. */
    void proceed() throws IOException {
        for (int steps = 0; steps < STEPS_AT_ONCE; steps++) {
            if (!open || !step()) {
                return;
            }
        }
        // Other connections are served first. No selector reports bytes that are buffered already, but it reports at
        // once
        // that the socket can be written to.
        if (open) {
            await(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        }
    }

    /** @return false if the connection has to wait; it is then registered for the event it waits for */
    private boolean step() throws IOException {
        try {
            return switch (phase) {
                case HANDSHAKE -> handshake();
                case IDLE, HEAD -> readHead();
                case BODY -> readBody();
                case TURN, WORK -> await(0);
                case WRITING -> write();
                case LINGERING -> discard();
            };
        } catch (MalformedRequestException e) {
            return refuse(e);
        }
    }

    private boolean await(int operations) {
        key.interestOps(operations);
        return false;
    }

    private boolean handshake() throws IOException, MalformedRequestException {
        return switch (transport.handshake()) {
            case INPUT -> await(SelectionKey.OP_READ);
            case OUTPUT -> await(SelectionKey.OP_WRITE);
            case ENDED -> close();
            case DONE -> {
                enter(Phase.IDLE);
                yield true;
            }
            case TASK -> {
                server.work().start(Lane.TLS, this, this::runTasks, this::resume);
                yield await(0);
            }
        };
    }

    private boolean runTasks() {
        for (Runnable task = transport.task(); task != null; task = transport.task()) {
            task.run();
        }
        return true;
    }

    private void resume(@Nullable Boolean done) throws IOException {
        if (done == null) {
            close();
        }
        proceed();
    }

    private boolean readHead() throws IOException, MalformedRequestException {
        Head next = heads.next();
        if (next == null) {
            return read();
        }
        if (transport.isOutdated()) {
            // As if the server had closed it between two requests. The client's certificate was verified by a trust
            // that has ended.
            return close();
        }
        head = next;
        keep = next.keepsConnection();
        enter(Phase.WORK);
        Client sender = new Client(address, transport.certificate());
        Decision decision = server.service().decideAtOnce(next, sender);
        if (decision == null) {
            server.work().start(Lane.DECISIONS, this, () -> server.service().decide(next, sender), this::decided);
            return await(0);
        }
        decide(decision);
        return true;
    }

    /** Reads more of the head or body, or waits for it. */
    private boolean read() throws IOException {
        int count = transport.read(input);
        if (count < 0) {
            return close();
        }
        if (count == 0) {
            return await(SelectionKey.OP_READ);
        }
        if (phase == Phase.IDLE) {
            enter(Phase.HEAD);
        }
        return true;
    }

    private void decided(@Nullable Decision decision) throws IOException {
        if (open) {
            try {
                decide(decision == null ? new Decision.Refused(server.failed()) : decision);
            } catch (MalformedRequestException e) {
                refuse(e);
            }
            proceed();
        }
    }

    private void decide(Decision decision) throws IOException, MalformedRequestException {
        Head request = current();
        if (decision instanceof Decision.Refused refused) {
            keep &= !request.hasBody();
            send(refused.answer());
            return;
        }
        admitted = (Decision.Admitted) decision;
        if (!request.hasBody()) {
            work(NO_BODY);
            return;
        }
        body = new BodyParser(input, request, server.largestBody());
        if (request.expectsContinue()) {
            if (!"100-continue".equalsIgnoreCase(request.header("expect"))) {
                throw new MalformedRequestException(417, "The Expect header is not supported; only 100-continue is.");
            }
            if (!transport.write(ByteBuffer.wrap(CONTINUE))) {
                throw new IOException("the client does not read");
            }
        }
        enter(Phase.BODY);
    }

    private boolean readBody() throws IOException, MalformedRequestException {
        BodyParser parser = body;
        if (parser == null) {
            throw new IllegalStateException("a body without a parser");
        }
        boolean whole = parser.advance();
        count(parser.collected());
        if (!open) {
            return false;
        }
        if (!whole) {
            return read();
        }
        if (transport.isOutdated()) {
            return close();
        }
        body = null;
        work(parser.bytes());
        return true;
    }

    private void work(byte[] bytes) {
        Decision.Admitted request = admitted;
        Head asked = current();
        if (request == null) {
            throw new IllegalStateException("nothing was admitted");
        }
        admitted = null;
        received.set(bytes);
        lane = request.lane();
        boolean withBody = !asked.method().equals("HEAD");
        String connection = connectionHeader(asked);
        enter(Phase.TURN);
        server.work()
                .startInTurn(
                        request.lane(),
                        this,
                        () -> new Outgoing(request.work().answer(takeBody()), withBody, connection, server.instant()),
                        answer -> answered(request.lane(), answer));
    }

    /** Runs on the thread that answers. A connection closed in the meantime holds nothing. */
    private byte[] takeBody() {
        byte[] bytes = received.getAndSet(null);
        return bytes == null ? NO_BODY : bytes;
    }

    /** The connection's turn has come. */
    void begin() {
        enter(Phase.WORK);
    }

    private void answered(Lane lane, @Nullable Outgoing answer) throws IOException {
        server.work().endTurn(lane, this);
        if (open) {
            if (answer == null) {
                send(server.failed());
            } else {
                send(answer);
            }
            proceed();
        }
    }

    private String connectionHeader(@Nullable Head asked) {
        if (!keep) {
            return "close";
        }
        return asked != null && asked.minorVersion() == 0 ? "keep-alive" : "";
    }

    /** The rest of the input cannot be parsed, so the connection is closed after this answer. */
    private boolean refuse(MalformedRequestException e) {
        if (phase == Phase.HANDSHAKE) {
            transport = transport.withoutTls();
        }
        keep = false;
        send(server.service().refusal(e.status(), String.valueOf(e.getMessage())));
        return true;
    }

    private void send(Answer answer) {
        Head asked = head;
        boolean withBody = asked == null || !asked.method().equals("HEAD");
        send(new Outgoing(answer, withBody, connectionHeader(asked), server.instant()));
    }

    private void send(Outgoing answer) {
        release();
        enter(Phase.WRITING);
        sinceProgress = 0;
        outgoing = answer;
        count(answer.size());
    }

    private boolean write() throws IOException {
        Outgoing answer = outgoing;
        if (answer == null) {
            throw new IllegalStateException("nothing to write");
        }
        for (int piece = 0; piece < PIECES_AT_ONCE; piece++) {
            int before = answer.size();
            boolean taken = server.write(answer, transport);
            count(answer.size());
            progressed(before - answer.size());
            if (!taken) {
                return await(SelectionKey.OP_WRITE);
            }
            if (answer.isSent()) {
                return sent();
            }
        }
        return await(SelectionKey.OP_WRITE);
    }

    /** A client that reads a long answer steadily makes progress: its time-out starts again. */
    private void progressed(int bytes) {
        sinceProgress += bytes;
        if (sinceProgress >= PROGRESS) {
            sinceProgress = 0;
            enter(Phase.WRITING);
        }
    }

    private boolean sent() throws IOException {
        outgoing = null;
        head = null;
        if (keep && !transport.isOutdated()) {
            enter(Phase.IDLE);
        } else {
            transport.endOutput();
            enter(Phase.LINGERING);
        }
        return true;
    }

    private boolean discard() throws IOException {
        int count = transport.discard();
        discarded += Math.max(0, count);
        if (count < 0 || discarded > MOST_DISCARDED) {
            return close();
        }
        return count > 0 || await(SelectionKey.OP_READ);
    }

    private Head current() {
        Head asked = head;
        if (asked == null) {
            throw new IllegalStateException("no request is in progress");
        }
        return asked;
    }

    private void release() {
        received.set(null);
        body = null;
        outgoing = null;
        count(0);
    }

    /** Closes the connection at once, whatever is in progress. @return false: there is nothing more to do */
    boolean close() {
        if (open) {
            open = false;
            // If one of these fails, for lack of memory for example, the others still run.
            try {
                server.forget(this, lane);
            } finally {
                try {
                    key.cancel();
                } finally {
                    try {
                        server.closeQuietly(transport);
                    } finally {
                        release();
                    }
                }
            }
        }
        return false;
    }

    void closeIfIdleAndOutdated() {
        if (phase == Phase.IDLE && transport.isOutdated()) {
            close();
        }
    }

    boolean isOpen() {
        return open;
    }

    /** For log and counters. */
    String phaseName() {
        return phase.name().toLowerCase(Locale.ROOT);
    }
}
