package io.github.csvbackup.agent;

import io.github.csvbackup.clear.Caller;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.metrics.AgentMetrics;
import io.github.csvbackup.metrics.HttpCounts;
import io.github.csvbackup.watch.VolumeWatch;
import io.github.csvbackup.watch.WatchSettings;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.net.InetSocketAddress;
import java.time.Clock;
import javax.management.MBeanServer;
import org.jspecify.annotations.Nullable;

/** The HTTP server as the wiring sees it. */
interface Web extends AutoCloseable {
    /** Where it listens; with the real port where any was asked for. */
    InetSocketAddress address();

    /** Frees the port and ends its threads. */
    @Override
    void close();

    /** What it serves. */
    record Parts(
            String version,
            String token,
            Cluster cluster,
            MBeanServer server,
            VolumeWatch watch,
            WatchSettings settings,
            AgentMetrics metrics,
            HttpCounts counts,
            Clock clock,
            @Nullable Instrumentation instrumentation) {}

    /** Starts it. */
    interface Factory {
        /** Binds the address and serves. */
        Web open(InetSocketAddress address, Parts parts) throws IOException;

        /** Who asks on the current thread; null if it is no request's thread. */
        @Nullable
        Caller callerHere();
    }
}
