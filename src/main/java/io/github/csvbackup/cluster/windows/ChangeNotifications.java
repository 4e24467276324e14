package io.github.csvbackup.cluster.windows;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import io.github.csvbackup.cluster.BoundedCalls;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.threads.SupervisedLoop;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for the cluster's change notifications and passes each on as a hint to look. They carry the I/O state of volumes and not their
 * backup state ([MS-CMRP] 2.2.3.18), so polls go on without them; where they cannot be had, nothing else stops.
 *
 * <p>One thread calls the cluster, and another sees to it that a call which does not return is told of.
 */
final class ChangeNotifications implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeNotifications.class);

    private static final int WAIT_MILLIS = 500;
    /** As long as it is between two polls unless that was set otherwise. */
    private static final long AGAIN_AFTER_SECONDS = 10;

    private static final Duration CALL_DEADLINE = Duration.ofSeconds(10);
    private static final Duration END_WITHIN = Duration.ofSeconds(2);
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int TEXT_CHARS = 1024;

    /** CLUSTER_OBJECT_TYPE, and the CLUSTER_CHANGE_..._V2 masks of interest (clusapi.h). */
    private static final long[][] FILTERS = {
        {0xA, 0x7}, // shared volume: state, added, removed
        {0x3, 0x4 | 0x80 | 0x200}, // resource: state, deleted, handle closed
        {0x2, 0x10}, // group: owner node
        {0x7, 0x10}, // node: state
        {0x1, 0x1 | 0x8 | 0x200 | 0x800}, // cluster: reconnect, handle closed, lost notifications, membership
    };

    private static final int TYPE_CLUSTER = 0x1;
    private static final long HANDLE_CLOSED_OR_RECONNECT = 0x8 | 0x1;

    private final LibrarySource libraries;
    private final Runnable wake;
    private final BoundedCalls calls = new BoundedCalls(1);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final SupervisedLoop loop = new SupervisedLoop("csv-backup-changes", this::listenAndAttend, this::pause);
    private @Nullable CountDownLatch listening;
    private volatile @Nullable NativeCall underWay;
    private volatile boolean possible = true;
    private boolean failing;

    /** Loads the libraries, or says why they cannot be had. */
    @FunctionalInterface
    interface LibrarySource {
        Libraries get() throws ClusterException;
    }

    /** A call of a function that has not returned yet; {@code begun} as System.nanoTime told it. */
    private record NativeCall(String function, long begun) {}

    ChangeNotifications(LibrarySource libraries, Runnable wake) {
        this.libraries = libraries;
        this.wake = wake;
    }

    void start() {
        loop.start();
    }

    /** The attending thread, which a supervisor starts again should it die. */
    SupervisedLoop loop() {
        return loop;
    }

    /** One that is still under way, after a failure here, is attended to and not begun again. */
    private void listenAndAttend() throws InterruptedException {
        CountDownLatch ended = listening;
        if (ended == null || ended.getCount() == 0) {
            CountDownLatch begun = new CountDownLatch(1);
            listening = begun;
            calls.start("listening for change notifications", this::listenOnce).whenEnded(begun::countDown);
            ended = begun;
        }
        attend(ended);
        if (!possible) {
            loop.close();
        }
    }

    private void pause() throws InterruptedException {
        if (closing.await(AGAIN_AFTER_SECONDS, TimeUnit.SECONDS)) {
            LOG.debug("The wait for the next listening ends");
        }
    }

    /** Stays until the listening has ended, or has not within its time after it was told to; tells once of each call that hangs. */
    private void attend(CountDownLatch ended) throws InterruptedException {
        NativeCall told = null;
        while (!ended.await(1, TimeUnit.SECONDS)) {
            NativeCall now = underWay;
            if (now != null && !now.equals(told) && System.nanoTime() - now.begun() > CALL_DEADLINE.toNanos()) {
                LOG.warn(
                        "{} has not returned within {} s: no change notifications until it does; polls go on",
                        now.function(),
                        CALL_DEADLINE.toSeconds());
                told = now;
            }
            if (closing.getCount() == 0) {
                boolean inTime = ended.await(END_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
                LOG.debug("The listening for change notifications has {}ended", inTime ? "" : "not ");
                return;
            }
        }
    }

    /** To be called right before a native call. */
    private void entering(String function) {
        underWay = new NativeCall(function, System.nanoTime());
    }

    /** Listens until something fails; always true, since how it went is told here. */
    private boolean listenOnce() {
        try {
            entering("LoadLibrary");
            Libraries loaded = libraries.get();
            NotifyPorts ports = loaded.notifyPorts();
            if (ports == null) {
                LOG.info("This Windows has no change notifications (they came with Windows Server 2012); polls go on");
                possible = false;
                return true;
            }
            listen(loaded, ports);
        } catch (ClusterException | RuntimeException | Error e) {
            boolean known = failing;
            failing = true;
            if (!known) {
                LOG.info(
                        "No change notifications for now, polls go on: {}",
                        e instanceof ClusterException ? e.getMessage() : e.toString());
            }
        } finally {
            underWay = null;
        }
        return true;
    }

    private void listen(Libraries loaded, NotifyPorts ports) throws ClusterException {
        SystemCalls system = loaded.system();
        entering("GetNodeClusterState");
        NodeClusterState.requireRunning(loaded.clusApi(), system);
        try (Handle cluster = openCluster(loaded);
                Handle port = openPort(system, ports, cluster)) {
            failing = false;
            while (closing.getCount() > 0 && next(system, ports, port.pointer())) {
                // Each turn waits for one notification, or for a moment.
            }
        }
    }

    private Handle openCluster(Libraries loaded) throws ClusterException {
        entering("OpenClusterEx");
        return Handle.of(
                loaded.system(),
                "OpenClusterEx",
                loaded.clusApi().OpenClusterEx(null, ClusApi.GENERIC_READ, new IntByReference()),
                pointer -> {
                    entering("CloseCluster");
                    loaded.clusApi().CloseCluster(pointer);
                });
    }

    private Handle openPort(SystemCalls system, NotifyPorts ports, Handle cluster) throws ClusterException {
        entering("CreateClusterNotifyPortV2");
        return Handle.of(
                system,
                "CreateClusterNotifyPortV2",
                ports.CreateClusterNotifyPortV2(
                        Pointer.createConstant(-1L),
                        cluster.pointer(),
                        filters(),
                        FILTERS.length,
                        Pointer.createConstant(0L)),
                pointer -> {
                    entering("CloseClusterNotifyPort");
                    ports.CloseClusterNotifyPort(pointer);
                });
    }

    /** False if the port is of no further use: then everything is opened anew. */
    private boolean next(SystemCalls system, NotifyPorts ports, Pointer port) throws ClusterException {
        byte[] filter = new byte[16];
        entering("GetClusterNotifyV2");
        int code = ports.GetClusterNotifyV2(
                port,
                new LongByReference(),
                filter,
                new byte[BUFFER_BYTES],
                new IntByReference(BUFFER_BYTES),
                new char[TEXT_CHARS],
                new IntByReference(TEXT_CHARS),
                new char[TEXT_CHARS],
                new IntByReference(TEXT_CHARS),
                new char[TEXT_CHARS],
                new IntByReference(TEXT_CHARS),
                new char[TEXT_CHARS],
                new IntByReference(TEXT_CHARS),
                WAIT_MILLIS);
        if (code == NotifyPorts.WAIT_TIMEOUT) {
            return true;
        }
        wake.run();
        // A notification that is too large (234) would be handed out again and again: a new port is rid of it.
        system.check("GetClusterNotifyV2", code);
        ByteBuffer seen = ByteBuffer.wrap(filter).order(ByteOrder.LITTLE_ENDIAN);
        return seen.getInt(0) != TYPE_CLUSTER || (seen.getLong(8) & HANDLE_CLOSED_OR_RECONNECT) == 0;
    }

    /** NOTIFY_FILTER_AND_TYPE: a DWORD, four bytes of padding, a 64-bit mask. */
    private static byte[] filters() {
        ByteBuffer bytes = ByteBuffer.allocate(16 * FILTERS.length).order(ByteOrder.LITTLE_ENDIAN);
        for (long[] filter : FILTERS) {
            bytes.putInt((int) filter[0]).putInt(0).putLong(filter[1]);
        }
        return bytes.array();
    }

    /** Ends the wait; a call under way returns within half a second, unless the cluster hangs. */
    @Override
    public void close() {
        loop.close();
        closing.countDown();
        if (!loop.endsWithin(END_WITHIN.plusSeconds(1))) {
            LOG.debug("The listening for change notifications is still under way");
        }
    }
}
