package io.github.csvbackup.http.server;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection: what it waits for, and what comes next. All calls are made by the server's thread; what takes long is done by another,
 * which posts its result.
 */
final class Connection {
    /** Bytes that are read and forgotten behind an answer that was given early. */
    private static final int MOST_DISCARDED = 1024 * 1024;

    /** Pieces of an answer that are sent before it is the others' turn. */
    private static final int PIECES_AT_ONCE = 8;

    private static final byte[] CONTINUE = {
        'H', 'T', 'T', 'P', '/', '1', '.', '1', ' ', '1', '0', '0', ' ', 'C', 'o', 'n', 't', 'i', 'n', 'u', 'e', '\r',
        '\n', '\r', '\n'
    };
    private static final byte[] NO_BODY = {};

    private final NonBlockingServer server;
    private final SelectionKey key;
    private Transport transport;
    private final InetAddress client;
    private final InputBuffer input = new InputBuffer();
    private final HeadParser heads = new HeadParser(input);

    private Phase phase;
    private long since;
    private boolean open = true;
    private boolean keep;
    private int discarded;
    private @Nullable Head head;
    private Decision.@Nullable Admitted admitted;
    private @Nullable BodyParser body;
    private @Nullable Outgoing outgoing;

    Connection(NonBlockingServer server, SelectionKey key, Transport transport, InetAddress client) {
        this.server = server;
        this.key = key;
        this.transport = transport;
        this.client = client;
        this.phase = Phase.HANDSHAKE;
        enter(Phase.HANDSHAKE);
    }

    InetAddress client() {
        return client;
    }

    Phase phase() {
        return phase;
    }

    /** Since when it waits for what it waits for, by the monotonic clock. */
    long since() {
        return since;
    }

    /** Bytes of a body and characters of an answer that are held for it. */
    int held() {
        return (body == null ? 0 : body.collected()) + (outgoing == null ? 0 : outgoing.size());
    }

    private void enter(Phase next) {
        if (!open) {
            return;
        }
        server.waits(this, phase, next);
        phase = next;
        since = server.now();
    }

    /** Goes on until the client or another thread has to do something. */
    void proceed() throws IOException {
        boolean goesOn = open;
        while (goesOn) {
            goesOn = step();
        }
    }

    /** @return false if it has to wait; then what it waits for is arranged */
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
                server.work(Lane.TLS, this, this::runTasks, this::resume);
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
        head = next;
        keep = next.keepsConnection();
        enter(Phase.WORK);
        if (server.service().mayDecideSlowly(next)) {
            server.work(Lane.DECISIONS, this, () -> server.service().decide(next, client), this::decided);
            return await(0);
        }
        decide(server.service().decide(next, client));
        return true;
    }

    /** Reads more of a head or body, or waits for it. */
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
                throw new MalformedRequestException(417, "The only expectation is 100-continue.");
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
        int before = parser.collected();
        boolean whole = parser.advance();
        server.holds(this, parser.collected() - before);
        if (!open) {
            return false;
        }
        if (!whole) {
            return read();
        }
        enter(Phase.WORK);
        server.holds(this, -parser.collected());
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
        boolean withBody = !asked.method().equals("HEAD");
        String connection = connectionHeader(asked);
        enter(Phase.TURN);
        server.workInTurn(
                request.lane(),
                this,
                () -> new Outgoing(request.work().answer(bytes), withBody, connection, server.instant()),
                answer -> answered(request.lane(), answer));
    }

    /** Its turn has come. */
    void begin() {
        enter(Phase.WORK);
    }

    private void answered(Lane lane, @Nullable Outgoing answer) throws IOException {
        server.endTurn(lane, client);
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

    /** What follows in the input is not understood: the connection ends with the answer. */
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
        outgoing = answer;
        server.holds(this, answer.size());
    }

    private boolean write() throws IOException {
        Outgoing answer = outgoing;
        if (answer == null) {
            throw new IllegalStateException("nothing to write");
        }
        for (int piece = 0; piece < PIECES_AT_ONCE; piece++) {
            int before = answer.size();
            boolean taken = server.write(answer, transport);
            server.holds(this, answer.size() - before);
            if (!taken) {
                return await(SelectionKey.OP_WRITE);
            }
            if (answer.isSent()) {
                return sent();
            }
        }
        enter(Phase.WRITING);
        return await(SelectionKey.OP_WRITE);
    }

    private boolean sent() throws IOException {
        outgoing = null;
        head = null;
        if (keep) {
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
            throw new IllegalStateException("no request is under way");
        }
        return asked;
    }

    private void release() {
        server.holds(this, -held());
        body = null;
        outgoing = null;
    }

    /** Ends it at once, whatever is under way. @return false, for there is nothing more to do */
    boolean close() {
        if (open) {
            open = false;
            release();
            server.forget(this);
            key.cancel();
            server.closeQuietly(transport::close);
        }
        return false;
    }

    boolean isOpen() {
        return open;
    }

    /** For the log and for counters. */
    String phaseName() {
        return phase.name().toLowerCase(Locale.ROOT);
    }
}
