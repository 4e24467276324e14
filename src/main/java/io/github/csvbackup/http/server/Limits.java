package io.github.csvbackup.http.server;

/**
 * The resources of the host's JVM that the server may use.
 *
 * @param connections maximum number of open connections
 * @param connectionsPerAddress maximum number of open connections from one remote address
 * @param largestBody maximum size of a request body in bytes
 * @param heldBytes maximum bytes of bodies and answers held for clients; above it, answers to readers wait for their turn, and
 *     if bodies take more than half of it, some of their connections are dropped
 */
public record Limits(int connections, int connectionsPerAddress, int largestBody, long heldBytes) {
    private static final int LARGEST_BODY = 256 * 1024;
    private static final int MOST_CONNECTIONS = 1024;
    private static final int FEWEST_CONNECTIONS = 16;
    private static final int PER_ADDRESS = 64;

    /** Heap that a waiting connection uses, as measured: about 5 kB, with TLS up to 110 kB. */
    private static final long PLAIN_BYTES = 16 * 1024;

    private static final long TLS_BYTES = 128 * 1024;

    /** Of the heap for connections, if there is a server with TLS and one without: as the connections cost, so that both may have as many. */
    private static final int TLS_PARTS = 7;

    private static final int ALL_PARTS = 8;

    /**
     * Limits for this JVM.
     *
     * @param servers how many servers share its resources
     */
    public static Limits ofThisJvm(boolean tls, int servers) {
        return of(Runtime.getRuntime().maxMemory(), Descriptors.most(), tls, servers);
    }

    /**
     * Limits of servers that together use an eighth of the heap and a quarter of the file descriptors.
     *
     * @param heapBytes maximum size of the heap in bytes
     * @param descriptors the process's limit of open files; {@link Long#MAX_VALUE} if there is none
     * @param servers 1, or 2 if there is one with TLS and one without
     */
    static Limits of(long heapBytes, long descriptors, boolean tls, int servers) {
        long share = heapBytes / 8;
        long forConnections = servers == 1 ? share : share * (tls ? TLS_PARTS : ALL_PARTS - TLS_PARTS) / ALL_PARTS;
        long connections = Math.min(
                Math.min(forConnections / (tls ? TLS_BYTES : PLAIN_BYTES), descriptors / 4 / servers),
                MOST_CONNECTIONS);
        return new Limits(
                (int) Math.max(FEWEST_CONNECTIONS, connections),
                (int) Math.max(FEWEST_CONNECTIONS, Math.min(connections / 2, PER_ADDRESS)),
                LARGEST_BODY,
                share / servers);
    }
}
