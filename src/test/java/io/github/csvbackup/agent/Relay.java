package io.github.csvbackup.agent;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The network between one agent and those that ask it: a port of its own, behind which a test changes what happens. */
final class Relay implements AutoCloseable {
    /** What happens to connections. A change ends those that exist, except for CUT, which lets them hang. */
    enum Mode {
        /** Bytes go both ways. */
        PASS,
        /** A connection is accepted and closed at once. */
        CLOSE,
        /** A connection is accepted, all is read, and nothing is ever answered. */
        HALF_OPEN,
        /** Nothing goes either way any more, and no end is told, as behind a cut cable. */
        CUT,
        /** The answer comes byte by byte. */
        SLOW
    }

    private static final long BETWEEN_SLOW_BYTES = TimeUnit.MILLISECONDS.toNanos(500);

    private final ServerSocket door;
    private final List<Socket> open = new ArrayList<>();
    private volatile Mode mode = Mode.PASS;
    private volatile int target;
    /** Bytes that are sent to each client instead of those of the target. */
    private volatile byte @Nullable [] replay;
    /** All that the target sent on the newest connection. */
    private volatile @Nullable Recording recording;

    /** The bytes of one connection. */
    static final class Recording {
        private final java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();

        private synchronized void add(byte[] buffer, int count) {
            bytes.write(buffer, 0, count);
        }

        synchronized byte[] bytes() {
            return bytes.toByteArray();
        }
    }

    Relay() throws IOException {
        door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        thread(this::accept);
    }

    private static void thread(Runnable work) {
        Thread thread = new Thread(work, "relay");
        thread.setDaemon(true);
        thread.start();
    }

    URI url() {
        return URI.create("https://127.0.0.1:" + door.getLocalPort() + "/");
    }

    /** Where bytes go from now on. */
    void leadTo(int port) {
        target = port;
        replay = null;
        become(Mode.PASS);
    }

    void become(Mode now) {
        mode = now;
        if (now != Mode.CUT) {
            closeOpen();
        }
    }

    /** Begins to record what the target sends on the next connection. */
    Recording record() {
        Recording now = new Recording();
        recording = now;
        closeOpen();
        return now;
    }

    /** From now on each client gets these bytes, whatever it sends. */
    void replay(byte[] bytes) {
        replay = bytes;
        closeOpen();
    }

    private void closeOpen() {
        List<Socket> all;
        synchronized (open) {
            all = List.copyOf(open);
            open.clear();
        }
        all.forEach(Relay::close);
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                synchronized (open) {
                    open.add(client);
                }
                Mode now = mode;
                byte[] instead = replay;
                if (instead != null) {
                    thread(() -> send(instead, client));
                } else if (now == Mode.CLOSE) {
                    close(client);
                } else if (now == Mode.HALF_OPEN || now == Mode.CUT) {
                    thread(() -> swallow(client));
                } else {
                    connect(client);
                }
            } catch (IOException e) {
                // The door was closed, or the client has gone.
            }
        }
    }

    private void connect(Socket client) {
        Socket server = new Socket();
        try {
            server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target), 5_000);
        } catch (IOException e) {
            close(server);
            close(client);
            return;
        }
        synchronized (open) {
            open.add(server);
        }
        Recording record = recording;
        thread(() -> pump(client, server, null));
        thread(() -> pump(server, client, record));
    }

    /** @param record null on the way to the target, which is never slow */
    private void pump(Socket from, Socket to, @Nullable Recording record) {
        byte[] buffer = new byte[8192];
        boolean answers = from.getPort() == target;
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                if (record != null) {
                    record.add(buffer, count);
                }
                while (mode == Mode.CUT && !door.isClosed()) {
                    LockSupport.parkNanos(BETWEEN_SLOW_BYTES);
                }
                if (mode == Mode.SLOW && answers) {
                    slowly(buffer, count, out);
                } else {
                    out.write(buffer, 0, count);
                }
            }
        } catch (IOException e) {
            // One side has ended, and so both.
        }
    }

    private void slowly(byte[] buffer, int count, OutputStream out) throws IOException {
        for (int i = 0; i < count; i++) {
            out.write(buffer, i, 1);
            LockSupport.parkNanos(BETWEEN_SLOW_BYTES);
        }
    }

    private static void send(byte[] bytes, Socket client) {
        try {
            client.getOutputStream().write(bytes);
            swallow(client);
        } catch (IOException e) {
            close(client);
        }
    }

    private static void swallow(Socket client) {
        try (client) {
            client.getInputStream().skip(Long.MAX_VALUE);
        } catch (IOException e) {
            // The client has gone.
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is closed.
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        closeOpen();
    }
}
