package io.github.csvbackup.http.server;

import io.github.csvbackup.threads.DaemonThread;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads of all lanes. They start with the first request and end when there is no work. */
final class Lanes implements AutoCloseable {
    private static final long IDLE_SECONDS = 10;

    private final Map<Lane, ThreadPoolExecutor> pools = new EnumMap<>(Lane.class);

    /** @param server the name of the server, which its threads have too */
    Lanes(String server) {
        for (Lane lane : Lane.values()) {
            AtomicInteger serial = new AtomicInteger();
            ThreadPoolExecutor pool = new ThreadPoolExecutor(
                    lane.threads(),
                    lane.threads(),
                    IDLE_SECONDS,
                    TimeUnit.SECONDS,
                    // Each connection has at most one request in progress, and the number of connections is limited.
                    new LinkedBlockingQueue<>(),
                    task -> DaemonThread.named(server + lane.suffix() + "-" + serial.incrementAndGet(), task));
            pool.allowCoreThreadTimeOut(true);
            pools.put(lane, pool);
        }
    }

    Executor of(Lane lane) {
        ThreadPoolExecutor pool = pools.get(lane);
        if (pool == null) {
            throw new IllegalStateException("all lanes have threads");
        }
        return pool;
    }

    /** Interrupts running work. */
    @Override
    public void close() {
        pools.values().forEach(ThreadPoolExecutor::shutdownNow);
    }
}
