package io.github.csvbackup.peer;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Proxy;
import java.net.Socket;

/**
 * A TCP connection below TLS, whose reads end at a deadline. A timeout of the TLS socket would begin again with each byte that a slow server sends.
 * Never uses a proxy that the host's JVM is set to. Used by one thread at a time; any thread may close it.
 */
final class TimedSocket extends Socket {
    private Deadline deadline;

    TimedSocket(Deadline deadline) {
        super(Proxy.NO_PROXY);
        this.deadline = deadline;
    }

    /** The deadline of the next reads. */
    void until(Deadline next) {
        deadline = next;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new FilterInputStream(super.getInputStream()) {
            @Override
            public int read() throws IOException {
                setSoTimeout(deadline.millis());
                return super.read();
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                setSoTimeout(deadline.millis());
                return super.read(into, offset, length);
            }
        };
    }
}
