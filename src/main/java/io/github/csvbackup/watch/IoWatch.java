package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.IoReading;
import io.github.csvbackup.cluster.VolumeIoState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads how the nodes reach the volumes, in parallel with the polls and at the same two rates: a poll waits for an answer only for a moment. Used
 * by one thread at a time.
 */
final class IoWatch {
    private static final Duration PATIENCE = Duration.ofMillis(500);
    private static final Duration ALMOST_TOGETHER = Duration.ofSeconds(1);

    private final WatchSettings settings;
    private final Clock clock;
    private final DiskRounds<VolumeIoState> fast;
    private final DiskRounds<VolumeIoState> others;
    private final Map<String, DiskAnswer<VolumeIoState>> byDisk = new LinkedHashMap<>();
    private List<String> listedLast = List.of();
    private List<String> fastLast = List.of();
    private Set<String> fastNow = Set.of();
    private @Nullable NodeAnswer<IoReading> last;

    IoWatch(Cluster cluster, DiskReads disks, WatchSettings settings, Clock clock, LongSupplier nanoTime) {
        this.settings = settings;
        this.clock = clock;
        this.fast = rounds(cluster, disks, settings, settings.pollInterval(), nanoTime);
        this.others = rounds(cluster, disks, settings, settings.pollIntervalOthers(), nanoTime);
    }

    private static DiskRounds<VolumeIoState> rounds(
            Cluster cluster, DiskReads disks, WatchSettings settings, Duration every, LongSupplier nanoTime) {
        return new DiskRounds<>(
                "reading how the nodes reach the volumes",
                cluster,
                disks::ioStates,
                disks::failed,
                settings,
                every,
                nanoTime,
                answers -> {});
    }

    /** Starts the rounds that are due. */
    void begin(List<String> fastDisks, List<String> otherDisks) {
        if (!fastDisks.equals(fastLast)) {
            fastLast = fastDisks;
            fastNow = Set.copyOf(fastDisks);
        }
        fast.begin(fastDisks);
        if (last == null && otherDisks.isEmpty()) {
            // The first poll: all disks are new, so the fast round reads all.
            others.justRead();
        }
        others.begin(otherDisks);
    }

    /**
     * The last answers; null before the first.
     *
     * @param listed all disks, in the cluster's order
     */
    @Nullable
    NodeAnswer<IoReading> answer(List<String> listed) {
        List<DiskAnswer<VolumeIoState>> slow = others.answers(last == null ? PATIENCE : Duration.ZERO);
        List<DiskAnswer<VolumeIoState>> quick = fast.answers(PATIENCE);
        boolean changed = keep(slow);
        changed |= keep(quick);
        changed |= dropOld();
        if (!changed && slow.isEmpty() && quick.isEmpty()) {
            return last;
        }
        if (!listed.equals(listedLast)) {
            changed |= byDisk.keySet().retainAll(Set.copyOf(listed));
            listedLast = listed;
        }
        if (byDisk.isEmpty() && !listed.isEmpty()) {
            last = null;
            return null;
        }
        NodeAnswer<IoReading> known = last;
        IoReading same = changed || known == null ? null : known.value();
        last = same == null ? reading(byDisk.values()) : NodeAnswer.of(clock.instant(), same);
        return last;
    }

    /** By the rate of each disk. True if there was one. */
    private boolean dropOld() {
        Instant now = clock.instant();
        Instant oldest = now.minus(settings.freshFor());
        Instant oldestOfOthers = now.minus(settings.freshForOthers());
        return byDisk.values()
                .removeIf(
                        answer -> answer.at().at().isBefore(fastNow.contains(answer.disk()) ? oldest : oldestOfOthers));
    }

    /** True if an answer differs from the last one of its disk. */
    private boolean keep(List<DiskAnswer<VolumeIoState>> answers) {
        boolean changed = false;
        DiskAnswer<VolumeIoState> first = answers.isEmpty() ? null : answers.get(0);
        for (DiskAnswer<VolumeIoState> answer : answers) {
            DiskAnswer<VolumeIoState> before = byDisk.get(answer.disk());
            if (before == null) {
                byDisk.put(answer.disk(), answer);
                changed = true;
            } else if (!answer.at().isBefore(before.at())) {
                boolean same = before.saysTheSame(answer);
                byDisk.put(answer.disk(), same ? before.confirmedBy(shared(first, before, answer)) : answer);
                changed |= !same;
            }
        }
        return changed;
    }

    /** Answers that came almost together share the time of the first, which is a little too early: there is one for each disk. */
    private static <T> DiskAnswer<T> shared(@Nullable DiskAnswer<T> first, DiskAnswer<T> before, DiskAnswer<T> answer) {
        return first != null
                        && !answer.at().isBefore(first.at())
                        && !first.at().isBefore(before.at())
                        && answer.at().since(first.at()).compareTo(ALMOST_TOGETHER) < 0
                ? first
                : answer;
    }

    /** The answers of the last poll; null if there are none. */
    @Nullable
    NodeAnswer<IoReading> last() {
        return last;
    }

    private NodeAnswer<IoReading> reading(Collection<DiskAnswer<VolumeIoState>> answers) {
        List<VolumeIoState> states = new ArrayList<>();
        answers.forEach(answer -> states.addAll(answer.found()));
        IoReading reading = new IoReading(states, DiskAnswer.unreadable(answers));
        return !answers.isEmpty() && reading.unreadable().size() == answers.size()
                ? NodeAnswer.none(
                        clock.instant(), Problem.of(reading.unreadable().get(0).problem()))
                : NodeAnswer.of(clock.instant(), reading);
    }
}
