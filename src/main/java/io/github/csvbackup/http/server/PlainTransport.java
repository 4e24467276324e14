package io.github.csvbackup.http.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** A socket without TLS. */
final class PlainTransport implements Transport {
    private final SocketChannel channel;
    private final ByteBuffer scratch;

    /** @param scratch buffer for one call, shared by all connections */
    PlainTransport(SocketChannel channel, ByteBuffer scratch) {
        this.channel = channel;
        this.scratch = scratch;
    }

    @Override
    public Handshake handshake() {
        return Handshake.DONE;
    }

    @Override
    public @Nullable Runnable task() {
        return null;
    }

    @Override
    public int read(InputBuffer input) throws IOException {
        scratch.clear();
        int count = channel.read(scratch);
        if (count > 0) {
            input.append(scratch.flip());
        }
        return count;
    }

    @Override
    public int discard() throws IOException {
        return channel.read(scratch.clear());
    }

    @Override
    public boolean write(ByteBuffer bytes) throws IOException {
        channel.write(bytes);
        return !bytes.hasRemaining();
    }

    @Override
    public void endOutput() throws IOException {
        channel.shutdownOutput();
    }

    @Override
    public Transport withoutTls() {
        return this;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
