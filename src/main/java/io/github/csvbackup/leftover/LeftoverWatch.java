package io.github.csvbackup.leftover;

import io.github.csvbackup.cluster.BoundedCalls;
import io.github.csvbackup.cluster.CallTimeoutException;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.DifferencingDisks;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.cluster.VirtualMachine;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeKey;
import io.github.csvbackup.leftover.Leftovers.Answer;
import io.github.csvbackup.watch.MachineBackup;
import io.github.csvbackup.watch.NodeAnswer;
import io.github.csvbackup.watch.NodeEvidence;
import io.github.csvbackup.watch.Problem;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.WatchedVolume;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks this node's Hyper-V for what failed backups left behind. It has no thread: a poll starts a call when one is due, and a later poll takes its
 * answer. The polling thread calls {@link #look}; the other methods are for any thread.
 */
public final class LeftoverWatch {
    private static final Duration SOON = Duration.ofMinutes(1);
    private static final Duration WITHOUT_HYPER_V = Duration.ofDays(1);

    private static final String HUNG =
            "Check the service vmms of this node; restart the agent if the question does not return.";

    private final Cluster cluster;
    private final LeftoverSettings settings;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final BoundedCalls calls;
    private final DiskSizes sizes;
    private final OwnCopies copies;
    private BoundedCalls.@Nullable Pending<Optional<List<VirtualMachine>>> pending;
    /** When the node was asked last; null before the first time. */
    private @Nullable Instant asked;

    private long askedNanos;
    private boolean hasHyperV;
    private String node = "";
    private List<Volume> volumes = List.of();
    private List<MachineBackup> backups = List.of();
    private Map<VolumeKey, Map<String, List<String>>> folders = Map.of();
    private volatile Sightings sightings;
    private volatile Leftovers leftovers = Leftovers.none(Answer.NOT_ASKED);

    /**
     * Nothing is asked yet.
     *
     * @param remembered of an earlier run
     * @param evidence the lists of shadow copies that others asked for; asks no node
     * @param nanoTime measures durations, as {@link System#nanoTime} does
     */
    public LeftoverWatch(
            Cluster cluster,
            LeftoverSettings settings,
            Sightings remembered,
            NodeEvidence evidence,
            Clock clock,
            LongSupplier nanoTime) {
        this.cluster = cluster;
        this.settings = settings;
        this.sightings = remembered;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.calls = new BoundedCalls(1, cluster, HUNG);
        this.sizes = new DiskSizes(cluster, nanoTime);
        this.copies = new OwnCopies(evidence);
    }

    public Leftovers leftovers() {
        return leftovers;
    }

    /** To keep over a restart. */
    public Sightings sightings() {
        return sightings;
    }

    /** At each poll: takes answers that have come, asks if that is due, and returns the machines that say that they are being backed up. */
    public List<MachineBackup> look(Snapshot snapshot) {
        take();
        askIfDue(snapshot);
        return take();
    }

    private void askIfDue(Snapshot snapshot) {
        if (snapshot.lastRead() == null) {
            return;
        }
        if (pending == null && isDue(snapshot)) {
            node = snapshot.ownNode();
            volumes = snapshot.volumes().stream().map(WatchedVolume::volume).toList();
            asked = clock.instant();
            askedNanos = nanoTime.getAsLong();
            pending = calls.start("asking Hyper-V for its virtual machines", cluster::virtualMachines);
        }
        if (!folders.isEmpty()) {
            sizes.begin(folders);
        }
    }

    private boolean isDue(Snapshot snapshot) {
        Instant last = asked;
        if (last == null) {
            return true;
        }
        long age = nanoTime.getAsLong() - askedNanos;
        if (leftovers.answer() == Answer.NO_HYPER_V) {
            return age >= WITHOUT_HYPER_V.toNanos();
        }
        return age >= settings.interval().toNanos() || (age >= SOON.toNanos() && isNeededForAClear(snapshot, last));
    }

    /** While a state is set, what its machines say must not be old. */
    private boolean isNeededForAClear(Snapshot snapshot, Instant last) {
        for (WatchedVolume watched : snapshot.volumes()) {
            Instant since = watched.since();
            if (!watched.volume().backupState().isNone()
                    && ((since != null && since.isAfter(last))
                            || isBackedUp(watched.volume().key()))) {
                return true;
            }
        }
        return false;
    }

    private boolean isBackedUp(VolumeKey volume) {
        for (MachineBackup backup : backups) {
            if (backup.volume().equals(volume)) {
                return true;
            }
        }
        return false;
    }

    private List<MachineBackup> take() {
        boolean changed = sizes.take();
        BoundedCalls.Pending<Optional<List<VirtualMachine>>> call = pending;
        if (call != null
                && (call.endsWithin(Duration.ZERO)
                        || nanoTime.getAsLong() - askedNanos
                                > settings.deadline().toNanos())) {
            pending = null;
            try {
                answered(call.await(Duration.ZERO, settings.deadline()));
            } catch (ClusterException e) {
                failed(Problem.of(e));
            } catch (CallTimeoutException e) {
                failed(new Problem(String.valueOf(e.getMessage()), HUNG));
            } catch (RuntimeException | LinkageError e) {
                // It must not end the poll.
                failed(new Problem(
                        "the answer of Hyper-V was not understood: " + e,
                        "This is a bug: report it, with the output of probe --json."));
            }
        } else if (changed) {
            leftovers = withSizes(leftovers);
        }
        return backups;
    }

    private void failed(Problem problem) {
        Leftovers before = leftovers;
        Instant now = clock.instant();
        Instant told = before.lastSuccess();
        if (told == null || Duration.between(told, now).compareTo(settings.gap()) > 0) {
            // A very old answer says nothing about the present.
            backups = List.of();
        }
        Instant listed = before.copiesListed();
        boolean isListOld = listed != null && OwnCopies.isOld(listed, now);
        leftovers = new Leftovers(
                Answer.FAILED,
                now,
                before.lastSuccess(),
                isListOld ? null : listed,
                problem,
                isListOld ? withoutCopies(before.found()) : before.found(),
                before.hidden(),
                before.bytesByVolume());
    }

    private static List<Leftover> withoutCopies(List<Leftover> found) {
        return found.stream()
                .filter(each -> each.kind() != LeftoverKind.SHADOW_COPY)
                .toList();
    }

    private void answered(Optional<List<VirtualMachine>> answer) {
        if (answer.isEmpty() && hasHyperV) {
            failed(new Problem(
                    "the WMI namespace of Hyper-V, which answered before, is gone",
                    "Check that the service vmms runs. Without Hyper-V, restart the agent."));
            return;
        }
        Instant now = clock.instant();
        List<VirtualMachine> machines = answer.orElse(List.of());
        sightings = sightings.next(Classification.seen(machines, now), now, settings.gap());
        backups = backups(machines, now);
        if (answer.isEmpty()) {
            folders = Map.of();
            leftovers = new Leftovers(Answer.NO_HYPER_V, now, now, null, null, List.of(), List.of(), Map.of());
            return;
        }
        hasHyperV = true;
        NodeAnswer<ShadowCopies> list = copies.lastList(node, now);
        ShadowCopies listed = list == null ? null : list.value();
        Classification.Result result = new Classification(node, volumes, sightings, settings.after(), now)
                .of(machines, listed == null ? List.of() : listed.copies());
        folders = folders(result.found(), machines);
        Instant listedAt = list == null ? null : list.at();
        leftovers = withSizes(
                new Leftovers(Answer.TOLD, now, now, listedAt, null, result.found(), result.hidden(), Map.of()));
    }

    private List<MachineBackup> backups(List<VirtualMachine> machines, Instant now) {
        MachinePlaces places = new MachinePlaces(volumes);
        List<MachineBackup> running = new ArrayList<>();
        for (VirtualMachine machine : machines) {
            if (machine.isBackingUp()) {
                places.of(machine)
                        .keySet()
                        .forEach(volume -> running.add(new MachineBackup(volume, node, machine.name(), now)));
            }
        }
        return List.copyOf(running);
    }

    private Map<VolumeKey, Map<String, List<String>>> folders(List<Leftover> found, List<VirtualMachine> machines) {
        Map<String, VirtualMachine> byId = new HashMap<>();
        machines.forEach(machine -> byId.put(machine.id(), machine));
        MachinePlaces places = new MachinePlaces(volumes);
        Map<VolumeKey, Map<String, List<String>>> wanted = new LinkedHashMap<>();
        for (Leftover leftover : found) {
            // Once for each machine: it may have many checkpoints. All of them lie on each of its volumes.
            VirtualMachine machine = leftover.machineId() == null ? null : byId.remove(leftover.machineId());
            if (machine != null) {
                for (Map.Entry<VolumeKey, List<String>> place :
                        places.of(machine).entrySet()) {
                    if (!place.getValue().isEmpty()) {
                        wanted.computeIfAbsent(place.getKey(), key -> new LinkedHashMap<>())
                                .put(machine.id(), place.getValue());
                    }
                }
            }
        }
        return wanted;
    }

    private Leftovers withSizes(Leftovers known) {
        Map<VolumeKey, Set<String>> machines = new HashMap<>();
        List<Leftover> found = new ArrayList<>(known.found().size());
        for (Leftover each : known.found()) {
            DiskSizes.Sizes counted = each.machineId() == null ? null : sizes.of(each.volume());
            DifferencingDisks disks =
                    counted == null ? null : counted.byMachine().get(each.machineId());
            found.add(each.with(disks));
            if (each.machineId() != null) {
                machines.computeIfAbsent(each.volume(), key -> new HashSet<>()).add(each.machineId());
            }
        }
        Map<VolumeKey, Long> bytes = new HashMap<>();
        machines.forEach((volume, now) -> {
            DiskSizes.Sizes counted = sizes.of(volume);
            // The sum of other machines, or of a part, would look like that of these.
            if (counted != null
                    && counted.all().complete()
                    && counted.machines().equals(now)) {
                bytes.put(volume, counted.all().bytes());
            }
        });
        return new Leftovers(
                known.answer(),
                known.at(),
                known.lastSuccess(),
                known.copiesListed(),
                known.problem(),
                found,
                known.hidden(),
                bytes);
    }
}
