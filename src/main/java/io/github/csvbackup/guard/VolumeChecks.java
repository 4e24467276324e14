package io.github.csvbackup.guard;

import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.ResourceState;
import io.github.csvbackup.text.Times;
import io.github.csvbackup.watch.Problem;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.WatchSettings;
import io.github.csvbackup.watch.WatchedVolume;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The checks of the volume itself: the poll, the resource, the state and how long it has been observed. */
record VolumeChecks(WatchSettings settings, Times times, Snapshot snapshot, WatchedVolume watched, Instant now) {
    static final String WAIT_FOR_A_POLL = "Wait for a successful poll.";

    List<Check> all() {
        return List.of(poll(), resourceOnline(), stateSet(), observedLongEnough());
    }

    /** True if the volume is seen to have no state, which decides the verdict. */
    boolean isIdle() {
        return isSeen() && watched.volume().backupState().isNone();
    }

    private boolean isSeen() {
        return snapshot.isFresh(now, settings) && watched.isFresh(now, settings);
    }

    private Check poll() {
        String name = "poll-fresh";
        Problem pollError = snapshot.pollError();
        Problem problem = watched.problem();
        if (pollError != null) {
            return new Check(
                    name,
                    CheckResult.UNKNOWN,
                    "the last poll failed: " + pollError.message(),
                    snapshot.lastPoll(),
                    pollError.remedy());
        }
        if (!snapshot.isFresh(now, settings)) {
            return new Check(
                    name,
                    CheckResult.UNKNOWN,
                    snapshot.lastSuccess() == null
                            ? "the cluster has not been polled yet"
                            : "the last successful poll ended " + times.time(snapshot.lastSuccess()),
                    snapshot.lastSuccess(),
                    "Call refresh and check the agent's last poll error.");
        }
        if (problem != null) {
            return new Check(
                    name,
                    CheckResult.UNKNOWN,
                    "the last poll could not read the volume: " + problem.message(),
                    snapshot.lastPoll(),
                    problem.remedy());
        }
        if (!watched.isFresh(now, settings)) {
            return new Check(
                    name,
                    CheckResult.UNKNOWN,
                    "the volume was last read " + times.time(watched.lastRead()),
                    watched.lastRead(),
                    "Call refresh and check the agent's last poll error.");
        }
        return ofVolume(name, CheckResult.PASSED, "the volume was read " + times.time(watched.lastRead()), "");
    }

    private Check resourceOnline() {
        String name = "resource-online";
        String resource = watched.volume().resourceName();
        ResourceState state = watched.volume().resourceState();
        if (!isSeen()) {
            return unseen(name, resource + " was " + state);
        }
        return state.isOnline()
                ? ofVolume(name, CheckResult.PASSED, resource + " is ONLINE", "")
                : ofVolume(
                        name,
                        CheckResult.UNKNOWN,
                        resource + " is " + state,
                        "Bring the disk online; leaving the Online state also ends the backup state.");
    }

    private Check stateSet() {
        String name = "state-set";
        BackupState state = watched.volume().backupState();
        if (!isSeen()) {
            return unseen(name, "the state was " + state);
        }
        if (state.isNone()) {
            return ofVolume(name, CheckResult.NOT_SET, "the backup state is NONE", "");
        }
        return state.isInProgress()
                ? ofVolume(name, CheckResult.PASSED, "the backup state is IN_PROGRESS", "")
                : ofVolume(
                        name,
                        CheckResult.UNKNOWN,
                        "the cluster reports the backup state " + state + ", which the agent does not know",
                        "Report this number. The agent does not clear a state that it does not know.");
    }

    private Check observedLongEnough() {
        String name = "observed-long-enough";
        Instant since = watched.observedSince();
        String needed = Times.duration(settings.staleAfter());
        if (since == null) {
            boolean none = isSeen() && watched.volume().backupState().isNone();
            return ofVolume(
                    name,
                    none ? CheckResult.NOT_SET : CheckResult.RECENT,
                    none ? "no state is set" : "the state has not been observed without a gap",
                    none ? "" : "Wait until it has been observed for " + needed + " without a gap.");
        }
        // Until the last read: what happened since then is unknown.
        Duration observed = Duration.between(since, watched.lastRead());
        boolean longEnough = observed.compareTo(settings.staleAfter()) > 0;
        Instant enough = since.plus(settings.staleAfter());
        return ofVolume(
                        name,
                        longEnough ? CheckResult.PASSED : CheckResult.RECENT,
                        "observed without a gap for " + Times.duration(observed) + ", since " + times.time(since)
                                + "; needed: more than " + needed,
                        longEnough ? "" : "Wait until " + times.time(enough) + ".")
                .passingAt(longEnough ? null : enough);
    }

    /** The result of an earlier poll is not evidence. */
    private Check unseen(String name, String was) {
        return ofVolume(
                name,
                CheckResult.UNKNOWN,
                was + " when it was last read, " + times.time(watched.lastRead()),
                WAIT_FOR_A_POLL);
    }

    private Check ofVolume(String name, CheckResult result, String seen, String remedy) {
        return new Check(name, result, seen, watched.lastRead(), remedy);
    }
}
