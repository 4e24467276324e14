package io.github.csvbackup.http.server;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What bytes travel through: the socket itself, or TLS on it. No call waits. All are made by the server's thread. */
interface Transport extends Closeable {
    /** What a handshake waits for. */
    enum Handshake {
        INPUT,
        OUTPUT,
        /** The {@link #task()}, on another thread. */
        TASK,
        DONE,
        /** The client is gone. */
        ENDED
    }

    /** Goes as far as it can. */
    Handshake handshake() throws IOException, MalformedRequestException;

    /** Work that takes long; null if there is none left. */
    @Nullable
    Runnable task();

    /** Appends some of what has arrived. @return -1 if the client sends nothing more, 0 if nothing is there now */
    int read(InputBuffer input) throws IOException;

    /** Reads and forgets. @return as {@link #read} */
    int discard() throws IOException;

    /** Writes as much as the client takes. @return true once everything is on its way */
    boolean write(ByteBuffer bytes) throws IOException;

    /** Tells the client that nothing more comes, as far as it listens. */
    void endOutput() throws IOException;

    /** The same socket without TLS, for a client that speaks none. */
    Transport withoutTls();
}
