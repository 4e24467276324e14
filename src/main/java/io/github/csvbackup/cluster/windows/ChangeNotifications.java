package io.github.csvbackup.cluster.windows;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import io.github.csvbackup.cluster.CallsUnderWay;
import io.github.csvbackup.cluster.ClusterException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for the cluster's change notifications and passes each on as a hint to look. They carry the I/O state of volumes and not their
 * backup state ([MS-CMRP] 2.2.3.18), so polls go on without them; where they cannot be had, nothing else stops.
 */
final class ChangeNotifications implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeNotifications.class);

    private static final int WAIT_MILLIS = 500;
    private static final long AGAIN_AFTER_SECONDS = 30;
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
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);
    private boolean failing;

    /** Loads the libraries, or says why they cannot be had. */
    @FunctionalInterface
    interface LibrarySource {
        Libraries get() throws ClusterException;
    }

    ChangeNotifications(LibrarySource libraries, Runnable wake) {
        this.libraries = libraries;
        this.wake = wake;
        this.thread = new Thread(this::run, "csv-backup-changes");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        CallsUnderWay.enter();
        try {
            do {
                if (!listenOnce()) {
                    return;
                }
            } while (!closing.await(AGAIN_AFTER_SECONDS, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            LOG.debug("The wait for change notifications was interrupted, which ends it");
        } finally {
            CallsUnderWay.leave();
        }
    }

    /** True if it is worth while to try again later. */
    private boolean listenOnce() {
        try {
            Libraries loaded = libraries.get();
            NotifyPorts ports = loaded.notifyPorts();
            if (ports == null) {
                LOG.info("This Windows has no change notifications (they came with Windows Server 2012); polls go on");
                return false;
            }
            listen(loaded, ports);
        } catch (ClusterException e) {
            if (!failing) {
                LOG.info("No change notifications for now, polls go on: {}", e.getMessage());
            }
            failing = true;
        }
        return true;
    }

    private void listen(Libraries loaded, NotifyPorts ports) throws ClusterException {
        SystemCalls system = loaded.system();
        NodeClusterState.requireRunning(loaded.clusApi(), system);
        try (Handle cluster = Handle.of(
                        system,
                        "OpenClusterEx",
                        loaded.clusApi().OpenClusterEx(null, ClusApi.GENERIC_READ, new IntByReference()),
                        loaded.clusApi()::CloseCluster);
                Handle port = Handle.of(
                        system,
                        "CreateClusterNotifyPortV2",
                        ports.CreateClusterNotifyPortV2(
                                Pointer.createConstant(-1L),
                                cluster.pointer(),
                                filters(),
                                FILTERS.length,
                                Pointer.createConstant(0L)),
                        ports::CloseClusterNotifyPort)) {
            failing = false;
            while (closing.getCount() > 0 && next(system, ports, port.pointer())) {
                // Each turn waits for one notification, or for a moment.
            }
        }
    }

    /** False if the port is of no further use: then everything is opened anew. */
    private boolean next(SystemCalls system, NotifyPorts ports, Pointer port) throws ClusterException {
        byte[] filter = new byte[16];
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
        closing.countDown();
        try {
            if (thread.isAlive()) {
                thread.join(TimeUnit.SECONDS.toMillis(2));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
