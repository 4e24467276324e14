package io.github.csvbackup.hostile;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A proxy that delays each byte by half a round trip in both directions and loses none. */
public final class DelayingProxy implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final InetSocketAddress server;
    private final long oneWayNanos;

    /** Bytes that were read and the time when they are due; an empty one marks the end. */
    private record Piece(ByteBuffer bytes, long dueNanos) {}

    public DelayingProxy(InetSocketAddress server, Duration roundTrip) throws IOException {
        this.server = server;
        this.oneWayNanos = roundTrip.toNanos() / 2;
        daemon("accept", this::accept);
    }

    /** The proxy's address. */
    public InetSocketAddress address() {
        return new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket near = listener.accept();
                sockets.add(near);
                daemon("connect", () -> join(near));
            } catch (IOException e) {
                // The proxy was closed: this thread is done.
                return;
            }
        }
    }

    private void join(Socket near) {
        Socket far = new Socket();
        sockets.add(far);
        try {
            near.setTcpNoDelay(true);
            far.setTcpNoDelay(true);
            far.connect(server);
            pipe(near, far);
            pipe(far, near);
        } catch (IOException e) {
            // The server refuses the connection: so does the proxy.
            close(near);
            close(far);
        }
    }

    private void pipe(Socket from, Socket to) {
        BlockingQueue<Piece> underWay = new LinkedBlockingQueue<>();
        daemon("read", () -> read(from, underWay));
        daemon("write", () -> write(underWay, to));
    }

    private void read(Socket from, BlockingQueue<Piece> underWay) {
        byte[] buffer = new byte[16_384];
        try {
            InputStream in = from.getInputStream();
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                underWay.add(
                        new Piece(ByteBuffer.wrap(Arrays.copyOf(buffer, length)), System.nanoTime() + oneWayNanos));
            }
        } catch (IOException e) {
            // A reset also ends the stream.
        }
        underWay.add(new Piece(ByteBuffer.allocate(0), System.nanoTime() + oneWayNanos));
    }

    private void write(BlockingQueue<Piece> underWay, Socket to) {
        try {
            OutputStream out = to.getOutputStream();
            for (Piece next = underWay.take(); next.bytes().hasRemaining(); next = underWay.take()) {
                TimeUnit.NANOSECONDS.sleep(next.dueNanos() - System.nanoTime());
                out.write(next.bytes().array());
            }
            to.shutdownOutput();
        } catch (IOException e) {
            close(to);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, "delaying-proxy-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    private void close(Socket socket) {
        sockets.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException("a socket cannot be closed", e);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        sockets.forEach(this::close);
    }
}
