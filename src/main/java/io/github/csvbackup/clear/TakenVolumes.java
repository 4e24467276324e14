package io.github.csvbackup.clear;

import io.github.csvbackup.cluster.VolumeKey;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The volumes that are being cleared: one clear at a time per volume. Thread-safe. */
final class TakenVolumes {
    private static final Logger LOG = LoggerFactory.getLogger(TakenVolumes.class);
    private static final long DRAIN_CHECK_MILLIS = 20;

    private final Map<VolumeKey, Holder> holders = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /**
     * Who clears a volume.
     *
     * @param unreturned the agent stopped waiting for the native call, which has not returned
     */
    record Holder(Caller caller, boolean unreturned) {}

    /** Takes the volume for the caller. Returns null, or who holds it already. */
    @Nullable
    Holder take(VolumeKey volume, Caller caller) {
        return holders.putIfAbsent(volume, new Holder(caller, false));
    }

    /** Releases the volume, unless its native call has not returned. */
    void release(VolumeKey volume) {
        holders.computeIfPresent(volume, (key, holder) -> holder.unreturned() ? holder : null);
    }

    /** Keeps the volume taken until {@link #returned}. */
    void keep(VolumeKey volume, Caller caller) {
        holders.put(volume, new Holder(caller, true));
    }

    /** The native call has returned: releases the volume. */
    void returned(VolumeKey volume) {
        holders.remove(volume);
    }

    /** The volumes that are being cleared, or whose native call has not returned. */
    Set<VolumeKey> volumes() {
        return Set.copyOf(holders.keySet());
    }

    /** True once the agent stops: no clear may begin. */
    boolean isClosed() {
        return closed;
    }

    /**
     * Lets no further clear begin and waits for running ones, so that each has its outcome in the audit.
     *
     * @param patience how long to wait at most
     */
    void drain(Duration patience) throws InterruptedException {
        closed = true;
        long end = System.nanoTime() + patience.toNanos();
        while (holders.values().stream().anyMatch(each -> !each.unreturned()) && System.nanoTime() < end) {
            Thread.sleep(DRAIN_CHECK_MILLIS);
        }
        holders.values()
                .forEach(each -> LOG.warn(
                        each.unreturned()
                                ? "The agent stops while a clear requested by {} has not returned. Its recorded outcome is UNKNOWN:"
                                        + " check the backup jobs of this time"
                                : "The agent stops while a clear requested by {} is running. Its outcome will not be in the audit; the"
                                        + " next start reports it and checks the volume",
                        each.caller().principal()));
    }
}
