package io.github.csvbackup.hostile;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Many slow clients of one kind, driven by one thread until this is closed. A dropped client reconnects at once, up to a rate at
 * which the machine can serve others.
 */
public final class SlowClients implements AutoCloseable {
    private static final int MOST_CONNECTS_PER_SECOND = 1000;
    private static final long DRIP_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final int SMALL_BUFFER = 4096;

    private final SlowKind kind;
    private final InetSocketAddress server;
    private final byte[] opening;
    private final Selector selector = Selector.open();
    private final CountDownLatch allWereThere;
    private final AtomicLong opened = new AtomicLong();
    private final Thread thread;
    private volatile boolean closed;
    private volatile @Nullable IOException failure;

    /**
     * Starts the clients.
     *
     * @param host value of the Host header
     */
    public SlowClients(SlowKind kind, InetSocketAddress server, String host) throws IOException {
        this.kind = kind;
        this.server = server;
        this.opening = kind.opening(host);
        this.allWereThere = new CountDownLatch(kind.count());
        this.thread = new Thread(this::run, "slow-clients-" + kind);
        thread.setDaemon(true);
        thread.start();
    }

    /** Waits until all clients have been connected. */
    public void await() throws InterruptedException {
        if (!allWereThere.await(60, TimeUnit.SECONDS)) {
            throw new IllegalStateException(
                    allWereThere.getCount() + " of " + kind.count() + " were never connected: " + failure);
        }
    }

    /** The total number of connections. */
    public long opened() {
        return opened.get();
    }

    private void run() {
        long begun = System.nanoTime();
        long lastDrip = begun;
        long tried = 0;
        try {
            while (!closed) {
                long now = System.nanoTime();
                long allowed = kind.count() + (now - begun) * MOST_CONNECTS_PER_SECOND / TimeUnit.SECONDS.toNanos(1);
                while (selector.keys().size() < kind.count() && tried < allowed) {
                    connect();
                    tried++;
                }
                selector.select(20);
                for (SelectionKey key : List.copyOf(selector.selectedKeys())) {
                    attend(key, this::ready);
                }
                selector.selectedKeys().clear();
                if (now - lastDrip > DRIP_EVERY_NANOS) {
                    lastDrip = now;
                    for (SelectionKey key : List.copyOf(selector.keys())) {
                        attend(key, this::drip);
                    }
                }
            }
        } catch (IOException e) {
            failure = e;
        } finally {
            selector.keys().forEach(SlowClients::drop);
        }
    }

    private void connect() throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        if (kind.readsSlowly()) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, SMALL_BUFFER);
        }
        SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT);
        attend(key, one -> channel.connect(server));
    }

    private interface Step {
        void on(SelectionKey key) throws IOException;
    }

    private void attend(SelectionKey key, Step step) {
        if (!key.isValid()) {
            return;
        }
        try {
            step.on(key);
        } catch (IOException e) {
            // The server has dropped this client; a new one takes its place.
            failure = e;
            drop(key);
        }
    }

    private void ready(SelectionKey key) throws IOException {
        SocketChannel channel = (SocketChannel) key.channel();
        if (key.isConnectable() && channel.finishConnect()) {
            channel.write(ByteBuffer.wrap(opening));
            key.interestOps(kind.readsSlowly() ? 0 : SelectionKey.OP_READ);
            opened.incrementAndGet();
            allWereThere.countDown();
        } else if (key.isReadable() && channel.read(ByteBuffer.allocate(SMALL_BUFFER)) < 0) {
            drop(key);
        }
    }

    private void drip(SelectionKey key) throws IOException {
        SocketChannel channel = (SocketChannel) key.channel();
        if (!channel.isConnected()) {
            return;
        }
        if (kind.drip() > 0) {
            channel.write(ByteBuffer.wrap(new byte[] {(byte) kind.drip()}));
        } else if (kind.readsSlowly() && channel.read(ByteBuffer.allocate(1)) < 0) {
            drop(key);
        }
    }

    private static void drop(SelectionKey key) {
        key.cancel();
        try {
            key.channel().close();
        } catch (IOException e) {
            throw new IllegalStateException("a socket cannot be closed", e);
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        selector.wakeup();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        selector.close();
    }
}
