package io.github.csvbackup.http.server;

/**
 * How much of the host's JVM the server may use.
 *
 * @param connections open at once
 * @param connectionsPerAddress open at once from one address of another machine
 * @param largestBody bytes of a request's body
 * @param heldBytes bytes of bodies and answers that are held for clients; beyond, answers to readers wait for their turn, and
 *     bodies that take more than half of it make room
 */
public record Limits(int connections, int connectionsPerAddress, int largestBody, long heldBytes) {
    private static final int LARGEST_BODY = 256 * 1024;
    private static final int MOST_CONNECTIONS = 1024;
    private static final int FEWEST_CONNECTIONS = 16;
    private static final int PER_ADDRESS = 64;

    /** What a connection takes of the heap while it waits, measured: about 5 kB, with TLS up to 110 kB. */
    private static final long PLAIN_BYTES = 16 * 1024;

    private static final long TLS_BYTES = 128 * 1024;

    /** What this JVM can spare. */
    public static Limits ofThisJvm(boolean tls) {
        return of(Runtime.getRuntime().maxMemory(), Descriptors.most(), tls);
    }

    /**
     * An eighth of the heap, and a quarter of the file descriptors.
     *
     * @param heapBytes the most that the heap may have
     * @param descriptors the most that the process may have open; {@link Long#MAX_VALUE} where there is no limit
     */
    static Limits of(long heapBytes, long descriptors, boolean tls) {
        long share = heapBytes / 8;
        long connections =
                Math.min(Math.min(share / (tls ? TLS_BYTES : PLAIN_BYTES), descriptors / 4), MOST_CONNECTIONS);
        return new Limits(
                (int) Math.max(FEWEST_CONNECTIONS, connections),
                (int) Math.max(FEWEST_CONNECTIONS, Math.min(connections / 2, PER_ADDRESS)),
                LARGEST_BODY,
                share);
    }
}
