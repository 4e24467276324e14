package io.github.csvbackup.http.server;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/** A socket, with or without TLS. No method blocks. All are called by the server's thread. */
interface Transport extends Closeable {
    /** What a handshake waits for. */
    enum Handshake {
        INPUT,
        OUTPUT,
        /** The {@link #task()} has to run on another thread. */
        TASK,
        DONE,
        /** The client has gone. */
        ENDED
    }

    /** Continues the handshake as far as possible. */
    Handshake handshake() throws IOException, MalformedRequestException;

    /** The next piece of slow work; null if there is none. */
    @Nullable
    Runnable task();

    /** The certificate of the client, which has been verified; null if it sent none. */
    default @Nullable X509Certificate certificate() {
        return null;
    }

    /** Whether it was made with a certificate, or with trust in clients, that has been replaced since. */
    default boolean isOutdated() {
        return false;
    }

    /** Appends received bytes. @return -1 at the end of the input, 0 if nothing has been received */
    int read(InputBuffer input) throws IOException;

    /** Reads and discards. @return as {@link #read} */
    int discard() throws IOException;

    /** Sends as much as the client accepts. @return true when everything has been sent */
    boolean write(ByteBuffer bytes) throws IOException;

    /** Tells the client that there is no more output, if it still reads. */
    void endOutput() throws IOException;

    /** The same socket without TLS, for a client that does not use it. */
    Transport withoutTls();
}
