package io.github.csvbackup.leftover;

import io.github.csvbackup.cluster.BoundedCalls;
import io.github.csvbackup.cluster.CallTimeoutException;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.DifferencingDisks;
import io.github.csvbackup.cluster.VolumeKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the differencing disks of machines, each volume at most once an hour and by a call of its own: a volume that hangs delays no poll, others for
 * no more than the deadline, and is not asked again until its call has returned. Used by one thread at a time.
 */
final class DiskSizes {
    private static final Logger LOG = LoggerFactory.getLogger(DiskSizes.class);
    private static final long EVERY = Duration.ofHours(1).toNanos();
    /** Others wait for a later poll, so that many volumes do not mean as many threads. Those that hang beyond the deadline no longer count here. */
    private static final int MOST_AT_ONCE = 8;

    private static final Duration DEADLINE = Duration.ofMinutes(1);
    /** The machines that are left after this time get no count of their own. */
    private static final long ENOUGH = Duration.ofSeconds(20).toNanos();

    private final Cluster cluster;
    private final LongSupplier nanoTime;
    private final Map<VolumeKey, Count> counts = new HashMap<>();

    /**
     * The disks on one volume.
     *
     * @param machines the ids of the machines that were counted
     * @param all those of all these machines together, each once
     * @param byMachine by the machine's id; without those that no time was left for
     */
    record Sizes(Set<String> machines, DifferencingDisks all, Map<String, DifferencingDisks> byMachine) {}

    private static final class Count {
        private final BoundedCalls calls;
        private BoundedCalls.@Nullable Pending<Sizes> pending;
        private @Nullable Long begun;
        private @Nullable Sizes last;

        private Count(BoundedCalls calls) {
            this.calls = calls;
        }
    }

    DiskSizes(Cluster cluster, LongSupplier nanoTime) {
        this.cluster = cluster;
        this.nanoTime = nanoTime;
    }

    /**
     * Starts what is due.
     *
     * @param folders of the machines that have something left over, by volume and machine
     */
    void begin(Map<VolumeKey, Map<String, List<String>>> folders) {
        long now = nanoTime.getAsLong();
        int running = running();
        for (Map.Entry<VolumeKey, Map<String, List<String>>> entry : folders.entrySet()) {
            Count count = counts.computeIfAbsent(entry.getKey(), key -> new Count(new BoundedCalls(1, cluster)));
            Long begun = count.begun;
            if (running < MOST_AT_ONCE && count.pending == null && (begun == null || now - begun >= EVERY)) {
                running++;
                count.begun = now;
                Map<String, List<String>> asked = new LinkedHashMap<>(entry.getValue());
                count.pending = count.calls.start("counting differencing disks", () -> count(asked));
            }
        }
    }

    private int running() {
        int running = 0;
        for (Count count : counts.values()) {
            running += count.pending == null ? 0 : 1;
        }
        return running;
    }

    private Sizes count(Map<String, List<String>> machines) throws ClusterException {
        long begun = nanoTime.getAsLong();
        DifferencingDisks all = cluster.differencingDisks(
                machines.values().stream().flatMap(List::stream).distinct().toList());
        Map<String, DifferencingDisks> byMachine = new HashMap<>();
        for (Map.Entry<String, List<String>> machine : machines.entrySet()) {
            if (machines.size() == 1) {
                byMachine.put(machine.getKey(), all);
            } else if (nanoTime.getAsLong() - begun < ENOUGH) {
                byMachine.put(machine.getKey(), cluster.differencingDisks(machine.getValue()));
            }
        }
        return new Sizes(machines.keySet(), all, byMachine);
    }

    /** Collects answers; true if one has come, or is given up. */
    boolean take() {
        boolean changed = false;
        for (Map.Entry<VolumeKey, Count> entry : counts.entrySet()) {
            Count count = entry.getValue();
            BoundedCalls.Pending<Sizes> pending = count.pending;
            Long begun = count.begun;
            if (pending != null
                    && begun != null
                    && (pending.endsWithin(Duration.ZERO) || nanoTime.getAsLong() - begun > DEADLINE.toNanos())) {
                count.last = answer(entry.getKey(), pending);
                count.pending = null;
                changed = true;
            }
        }
        return changed;
    }

    /** Null if the volume could not be read: an old size would look like a new one. */
    private static @Nullable Sizes answer(VolumeKey volume, BoundedCalls.Pending<Sizes> pending) {
        try {
            return pending.await(Duration.ZERO, DEADLINE);
        } catch (ClusterException | CallTimeoutException e) {
            LOG.debug("Cannot count the differencing disks on {}: {}", volume.guidName(), e.getMessage());
            return null;
        }
    }

    /** Null if they are not known. */
    @Nullable
    Sizes of(VolumeKey volume) {
        Count count = counts.get(volume);
        return count == null ? null : count.last;
    }
}
