package io.github.csvbackup.agent;

import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.leftover.LeftoverSettings;
import io.github.csvbackup.leftover.LeftoverWatch;
import io.github.csvbackup.leftover.Leftovers;
import io.github.csvbackup.leftover.Sightings;
import io.github.csvbackup.state.StateLine;
import io.github.csvbackup.watch.MachineBackup;
import io.github.csvbackup.watch.MachineBackups;
import io.github.csvbackup.watch.NodeEvidence;
import io.github.csvbackup.watch.Snapshot;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Starts the watch for leftovers a while after the agent: until then it loads no class of it, because the start of a host is busy enough. */
final class LateLeftovers implements Supplier<Leftovers> {
    private static final Duration LONGEST_DELAY = Duration.ofMinutes(1);
    /** The Windows backend ends the question after two minutes: a node may have a thousand machines. */
    private static final Duration HYPER_V_PATIENCE = Duration.ofSeconds(125);

    private final Cluster cluster;
    private final NodeEvidence evidence;
    /** Null: off. */
    private final @Nullable Duration interval;

    private final Duration after;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final long created;
    private volatile @Nullable Sightings remembered;
    private volatile @Nullable LeftoverWatch watch;

    /** @param interval null for off */
    LateLeftovers(
            Cluster cluster,
            NodeEvidence evidence,
            @Nullable Duration interval,
            Duration after,
            Clock clock,
            LongSupplier nanoTime) {
        this.cluster = cluster;
        this.evidence = evidence;
        this.interval = interval;
        this.after = after;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.created = nanoTime.getAsLong();
    }

    /** At each poll, on its thread: what machines say about backups; null if Hyper-V was not asked yet. */
    @Nullable
    MachineBackups look(Snapshot snapshot) {
        LeftoverWatch known = watch;
        if (known == null && interval != null && isTime(interval)) {
            Sightings earlier = remembered;
            known = new LeftoverWatch(
                    cluster,
                    new LeftoverSettings(interval, after, HYPER_V_PATIENCE),
                    earlier == null ? Sightings.NONE : earlier,
                    evidence,
                    clock,
                    nanoTime);
            watch = known;
        }
        if (known == null) {
            return null;
        }
        List<MachineBackup> running = known.look(snapshot);
        Leftovers.Answer answer = known.leftovers().answer();
        return new MachineBackups(answer == Leftovers.Answer.TOLD || answer == Leftovers.Answer.NO_HYPER_V, running);
    }

    private boolean isTime(Duration every) {
        Duration delay = every.compareTo(LONGEST_DELAY) < 0 ? every : LONGEST_DELAY;
        return nanoTime.getAsLong() - created >= delay.toNanos();
    }

    @Override
    public Leftovers get() {
        LeftoverWatch known = watch;
        return known == null
                ? Leftovers.none(interval == null ? Leftovers.Answer.OFF : Leftovers.Answer.NOT_ASKED)
                : known.leftovers();
    }

    /** What is known. Before the first question there is nothing to tell, and no class of it is loaded. */
    void ifAsked(Consumer<Leftovers> listener) {
        LeftoverWatch known = watch;
        if (known != null) {
            listener.accept(known.leftovers());
        }
    }

    /** To keep over a restart; null if there is nothing. */
    @Nullable
    Sightings sightings() {
        LeftoverWatch known = watch;
        return known == null ? remembered : known.sightings();
    }

    /**
     * Restores what an earlier run kept; call it before the first poll.
     *
     * @throws IllegalArgumentException if a line does not have the expected form
     */
    void restoreState(List<StateLine> lines) {
        for (StateLine line : lines) {
            if (line.kind().equals("leftover")) {
                remembered = Sightings.read(lines);
                return;
            }
        }
        remembered = null;
    }
}
