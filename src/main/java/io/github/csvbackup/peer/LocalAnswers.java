package io.github.csvbackup.peer;

import io.github.csvbackup.cluster.Backend;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.cluster.VolumeKey;
import io.github.csvbackup.json.Json;
import io.github.csvbackup.text.Times;
import io.github.csvbackup.watch.MachineBackup;
import io.github.csvbackup.watch.MachineBackups;
import io.github.csvbackup.watch.NodeAnswer;
import io.github.csvbackup.watch.NodeEvidence;
import io.github.csvbackup.watch.OwnServices;
import io.github.csvbackup.watch.PeerEvidence;
import io.github.csvbackup.watch.Problem;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.WatchedVolume;
import io.github.csvbackup.watch.Watcher;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Answers what this agent sees on its own node. Thread-safe. */
public final class LocalAnswers {
    /** An agent that asks reads at most 256 KiB; what surrounds the answer needs a little. */
    static final int MOST_CHARACTERS = 254 * 1024;

    /** With the longest names, less than half of that. */
    static final int MOST_MACHINES = 200;

    /** A class of its own, so that only an agent that is asked makes it. */
    private static final class Form {
        private static final Pattern QUESTION = Pattern.compile("[0-9A-Fa-f]{32}");
    }

    private final String version;
    private final Cluster cluster;
    private final Watcher watcher;
    private final NodeEvidence evidence;
    private final Times times;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private @Nullable ShadowCopyTurns turns;

    /**
     * Reads nothing yet.
     *
     * @param version the version of this agent
     * @param times for texts that people read
     * @param nanoTime monotonic; the same as that of the watcher and the evidence
     */
    public LocalAnswers(
            String version,
            Cluster cluster,
            Watcher watcher,
            NodeEvidence evidence,
            Times times,
            Clock clock,
            LongSupplier nanoTime) {
        this.version = version;
        this.cluster = cluster;
        this.watcher = watcher;
        this.evidence = evidence;
        this.times = times;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /**
     * Reads the services of this node now, and then lists its shadow copies, if asked. May block for the deadlines of both and, for the list, until its turn
     * comes.
     *
     * @param question a random id that comes back in the answer
     * @throws IllegalArgumentException with a message for users, if the question does not have the form of one
     * @throws IllegalStateException with a message for users, if the agent does not know its node and its shared disks yet
     */
    public LocalEvidence to(@Nullable String question, boolean withShadowCopies) {
        if (question == null || !Form.QUESTION.matcher(question).matches()) {
            throw new IllegalArgumentException(
                    "The argument \"question\" must be 32 hexadecimal digits, chosen at random for each question.");
        }
        Snapshot snapshot = watcher.snapshot();
        String node = snapshot.ownNode();
        if (node.isEmpty()) {
            throw new IllegalStateException(
                    "The agent has not read its cluster yet. Try again when its first poll has succeeded.");
        }
        if (!snapshot.knowsAllDiskIds()) {
            // The disks that it knows would look like those of another cluster.
            throw new IllegalStateException("The agent on " + node
                    + " has not read all shared disks yet. Check there with probe which disk cannot be read, and try again after its next"
                    + " poll.");
        }
        OwnServices.Both services = watcher.ownServices().forQuestion(node);
        LocalEvidence told = new LocalEvidence(
                question,
                snapshot.clusterName(),
                snapshot.sharedDisks(),
                node,
                version,
                cluster.backend() == Backend.SIMULATED,
                new PeerEvidence(
                        services.vss(),
                        services.softwareProvider(),
                        machines(snapshot),
                        withShadowCopies ? turns().ask(node) : null));
        return isShort(told) ? told : withoutList(told);
    }

    /** The same as clients see it. */
    public LocalEvidenceView view(@Nullable String question, boolean withShadowCopies) {
        return LocalEvidenceView.of(to(question, withShadowCopies), clock.instant());
    }

    /** One for each volume: first those whose state is set, because others cannot be cleared. */
    private static MachineBackups machines(Snapshot snapshot) {
        MachineBackups told = snapshot.machineBackups();
        if (told == null) {
            return MachineBackups.UNKNOWN;
        }
        Map<VolumeKey, MachineBackup> first = new LinkedHashMap<>();
        for (WatchedVolume watched : snapshot.volumes()) {
            if (!watched.volume().backupState().isNone()) {
                for (MachineBackup backup : told.running()) {
                    if (backup.volume().equals(watched.volume().key())) {
                        first.putIfAbsent(backup.volume(), backup);
                    }
                }
            }
        }
        for (MachineBackup backup : told.running()) {
            first.putIfAbsent(backup.volume(), backup);
        }
        List<MachineBackup> all = new ArrayList<>(first.values());
        return new MachineBackups(told.known(), all.subList(0, Math.min(all.size(), MOST_MACHINES)));
    }

    private synchronized ShadowCopyTurns turns() {
        ShadowCopyTurns made = turns;
        if (made == null) {
            made = new ShadowCopyTurns(evidence, times, clock, nanoTime, ShadowCopyTurns.Waiting.REAL);
            turns = made;
        }
        return made;
    }

    /** True if the answer can be sent. Only a list of shadow copies can make it long. */
    private boolean isShort(LocalEvidence told) {
        NodeAnswer<ShadowCopies> list = told.evidence().shadowCopies();
        return list == null || list.value() == null || characters(told) <= MOST_CHARACTERS;
    }

    /** No less than Jolokia needs, which also escapes slashes. */
    private long characters(LocalEvidence told) {
        String text = Json.write(LocalEvidenceJson.write(told, clock.instant()));
        return text.length() + text.chars().filter(c -> c == '/').count();
    }

    private LocalEvidence withoutList(LocalEvidence told) {
        PeerEvidence seen = told.evidence();
        Problem tooLong = new Problem(
                "the list of the shadow copies of " + told.node() + " is longer than the "
                        + "256 KiB that an agent sends to another",
                "Delete shadow copies on " + told.node() + " that are no longer needed.");
        return new LocalEvidence(
                told.question(),
                told.cluster(),
                told.sharedDisks(),
                told.node(),
                told.version(),
                told.simulated(),
                new PeerEvidence(
                        seen.vss(),
                        seen.softwareProvider(),
                        seen.machines(),
                        NodeAnswer.none(clock.instant(), tooLong)));
    }
}
