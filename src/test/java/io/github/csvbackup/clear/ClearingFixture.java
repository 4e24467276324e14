package io.github.csvbackup.clear;

import static io.github.csvbackup.cluster.StubCluster.VOLUME1;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.audit.Audit;
import io.github.csvbackup.audit.AuditLine;
import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.ShadowCopy;
import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.guard.Guard;
import io.github.csvbackup.security.Role;
import io.github.csvbackup.watch.NodeEvidence;
import io.github.csvbackup.watch.StubPeers;
import io.github.csvbackup.watch.VolumeWatch;
import io.github.csvbackup.watch.WatchSettings;
import io.github.csvbackup.watch.Watcher;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** A volume of a stub cluster whose state is stale and clearable, and a clear over it. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class ClearingFixture {
    static final WatchSettings SETTINGS = new WatchSettings(
            Duration.ofSeconds(10), Duration.ofMinutes(30), Duration.ofMinutes(3), Duration.ofSeconds(5));
    static final Caller OPERATOR = new Caller(Role.OPERATOR, "alice", "http", "127.0.0.1");
    static final Caller ANONYMOUS = new Caller(Role.ANONYMOUS, "anonymous", "http", "127.0.0.1");
    static final String REASON = "the backup product shows no job";

    final MovableClock clock = new MovableClock();
    final StubCluster cluster = cluster();
    /** No node has an agent, unless a test adds it. */
    final StubPeers peers = new StubPeers(cluster);

    final NodeEvidence evidence =
            new NodeEvidence(cluster, peers, SETTINGS.callDeadline(), SETTINGS.callDeadline(), clock, clock::nanoTime);
    final Watcher watcher = new Watcher(cluster, evidence, SETTINGS, clock, clock::nanoTime);
    final List<AuditLine> audit = new CopyOnWriteArrayList<>();
    final List<ClearEvent> events = new ArrayList<>();
    final Clearing clearing = clearing(true, audit::add, Duration.ofSeconds(5));

    /** Like {@link #guard}, must not use the fields of the subclass: it is called before they are set. */
    StubCluster cluster() {
        return new StubCluster();
    }

    Guard guard() {
        return new Guard(SETTINGS);
    }

    Clearing clearing(boolean allowForce, Audit into, Duration clearDeadline) {
        return clearing(allowForce, into, clearDeadline, () -> {});
    }

    Clearing clearing(boolean allowForce, Audit into, Duration clearDeadline, Runnable saveNow) {
        Clearing made = clearing(watcher, allowForce, into, clearDeadline, saveNow);
        watcher.alsoReadServicesWhile(made::hasFollowUps);
        watcher.alsoCarry(next -> null, made::plannedLists);
        return made;
    }

    Clearing clearing(VolumeWatch watch) {
        return clearing(watch, true, audit::add, Duration.ofSeconds(5), () -> {});
    }

    private Clearing clearing(
            VolumeWatch watch, boolean allowForce, Audit into, Duration clearDeadline, Runnable saveNow) {
        return new Clearing(
                new ClearContext(
                        cluster,
                        watch,
                        evidence,
                        guard(),
                        into,
                        clock,
                        clock::nanoTime,
                        clock::advance,
                        saveNow,
                        events::add),
                new ClearSettings(allowForce, clearDeadline, SETTINGS.quietTime()));
    }

    /** Requests a clear; VSS stops soon after it and after each later query. */
    ClearResult clearAndStopVss(Clearing asked) {
        cluster.vssStopsAfterAQuestion = false;
        ClearResult result = asked.forceClear(VOLUME1, VOLUME1, REASON, OPERATOR);
        letVssStop();
        return result;
    }

    void letVssStop() {
        cluster.stopVss();
        cluster.vssStopsAfterAQuestion = true;
        cluster.askedForShadowCopies.clear();
    }

    /** Its intents take this time to reach the disk. */
    Clearing clearingOnASlowDisk(Duration intent) {
        return clearing(
                true,
                line -> {
                    audit.add(line);
                    if (line.kind().equals("intent")) {
                        clock.advance(intent);
                    }
                },
                Duration.ofSeconds(5));
    }

    /** Its native call misses a short deadline and returns when released. */
    Clearing clearingWhoseCallWaitsFor(CountDownLatch release, Audit into) {
        cluster.duringClear = () -> awaitQuietly(release);
        return clearing(true, into, Duration.ofSeconds(1));
    }

    void letReturnLate(CountDownLatch release) {
        release.countDown();
        while (!kinds().contains("late")) {
            Thread.onSpinWait();
        }
    }

    @BeforeEach
    void becomeClearable() {
        watcher.refresh();
        cluster.set(VOLUME1, BackupState.IN_PROGRESS);
        pollFor(Duration.ofMinutes(35));
    }

    void pollFor(Duration time) {
        for (Instant end = clock.instant().plus(time); clock.instant().isBefore(end); ) {
            clock.advance(SETTINGS.pollInterval());
            watcher.refresh();
        }
    }

    /** Polls and checks repeatedly, as the agent does. */
    void lookFor(Clearing after, Duration time) {
        for (Instant end = clock.instant().plus(time); clock.instant().isBefore(end); ) {
            clock.advance(SETTINGS.pollInterval());
            watcher.refresh();
            after.polled();
            after.followUp();
        }
    }

    static ShadowCopy copy(String id, boolean persistent) {
        return new ShadowCopy(id, "{s}", "{p}", StubCluster.guid(1), "NODE2", persistent, 12, null);
    }

    List<String> kinds() {
        return audit.stream().map(AuditLine::kind).toList();
    }

    static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void nothingWasCalled() {
        assertThat(cluster.cleared).isEmpty();
    }
}
