package io.github.csvbackup.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.NodeState;
import io.github.csvbackup.cluster.ResourceState;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.cluster.SharedDisk;
import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.cluster.UnreadableDisk;
import io.github.csvbackup.cluster.VolumeKey;
import io.github.csvbackup.json.Json;
import io.github.csvbackup.text.Times;
import io.github.csvbackup.watch.MachineBackup;
import io.github.csvbackup.watch.MachineBackups;
import io.github.csvbackup.watch.NodeAnswer;
import io.github.csvbackup.watch.NodeEvidence;
import io.github.csvbackup.watch.PeerEvidence;
import io.github.csvbackup.watch.Problem;
import io.github.csvbackup.watch.WatchSettings;
import io.github.csvbackup.watch.Watcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocalAnswersTest {
    private static final WatchSettings SETTINGS = new WatchSettings(
            Duration.ofSeconds(10), Duration.ofMinutes(30), Duration.ofMinutes(3), Duration.ofSeconds(10));
    private static final String QUESTION = SampleEvidence.QUESTION;

    private final MovableClock clock = new MovableClock();
    private final StubCluster cluster = new StubCluster();
    private final NodeEvidence evidence =
            new NodeEvidence(cluster, Duration.ofSeconds(10), Duration.ofSeconds(35), clock, clock::nanoTime);
    private final Watcher watcher = new Watcher(cluster, evidence, SETTINGS, clock, clock::nanoTime);
    private final LocalAnswers answers =
            new LocalAnswers("1.2", cluster, watcher, evidence, Times.UTC, clock, clock::nanoTime);

    private LocalEvidence ask(boolean withShadowCopies) {
        return answers.to(QUESTION, withShadowCopies);
    }

    @Test
    void anAnswerSaysWhoAnswersAndWhatTheServicesOfThisNodeDo() {
        cluster.emptyDisks.add(new SharedDisk("AB-CD", "Empty", "NODE2", ResourceState.ONLINE));
        cluster.unreadable.add(new UnreadableDisk("id-7", "Cluster Disk 7", ClusterException.win32("Control", 5)));
        watcher.pollOnce();
        cluster.startVss("NODE1");
        cluster.startVss("NODE2");

        assertThat(ask(false))
                .isEqualTo(new LocalEvidence(
                        QUESTION,
                        "CLUSTER",
                        List.of("ab-cd", "id-1", "id-10", "id-7"),
                        "NODE1",
                        "1.2",
                        true,
                        new PeerEvidence(
                                new PeerEvidence.Seen(cluster.services.get("NODE1"), Duration.ZERO, null),
                                SampleEvidence.stopped(Duration.ZERO),
                                MachineBackups.UNKNOWN,
                                null)));
        assertThat(cluster.askedForShadowCopies).isEmpty();
    }

    /** The disks that it knows would look like those of another cluster. */
    @Test
    void anAgentThatDoesNotKnowAllItsDisksSaysSo() {
        cluster.hiddenDisks.add(cluster.volumes.get(StubCluster.VOLUME1).resourceName());
        watcher.pollOnce();

        assertThatThrownBy(() -> ask(false))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "The agent on NODE1 has not read all shared disks yet. Check there with probe which disk cannot be read, and"
                                + " try again after its next poll.");

        cluster.hiddenDisks.clear();
        watcher.pollOnce();
        assertThat(ask(false).sharedDisks()).containsExactly("id-1", "id-10");
    }

    @Test
    void theServicesAreReadForEachQuestion() {
        watcher.pollOnce();
        ask(false);
        clock.advance(Duration.ofSeconds(5));
        assertThat(ask(false).evidence().vss().stoppedFor()).isEqualTo(Duration.ofSeconds(5));
        cluster.startVss("NODE1");

        assertThat(ask(false).evidence().vss().status()).isEqualTo(cluster.services.get("NODE1"));
    }

    /** The list starts VSS: the services are those from before it. */
    @Test
    void aListComesWithTheStateOfVssBeforeIt() {
        watcher.pollOnce();
        cluster.shadowCopies.put("NODE1", SampleEvidence.copies(2).copies());

        PeerEvidence told = ask(true).evidence();

        assertThat(told.vss().status().isStopped()).isTrue();
        assertThat(told.shadowCopies().value().copies()).hasSize(2);
        assertThat(told.shadowCopies().value().vssBefore().isStopped()).isTrue();
        assertThat(cluster.askedForShadowCopies).containsExactly("NODE1");
        assertThat(ask(false).evidence().vss().status().state()).isEqualTo(ServiceStatus.RUNNING);
    }

    /** Windows and the cluster may write it in different case, and lists of this agent's own clears count by the cluster's. */
    @Test
    void theNodeIsNamedAsTheClusterListsIt() {
        cluster.nodes.remove("NODE1");
        cluster.nodes.put("node1", new Node("node1", NodeState.UP, 0));
        cluster.services.put("node1", cluster.services.get("NODE1"));
        cluster.softwareProviders.put("node1", cluster.softwareProviders.get("NODE1"));
        cluster.shadowCopies.put("node1", List.of());
        watcher.pollOnce();
        evidence.shadowCopies(List.of("node1"));

        assertThat(ask(true).node()).isEqualTo("node1");
        assertThat(ask(true).evidence().shadowCopies().problem().message())
                .startsWith("node1 lists its shadow copies at most");
    }

    private void backedUp(boolean known, MachineBackup... running) {
        watcher.alsoCarry(snapshot -> new MachineBackups(known, List.of(running)), List::of);
        watcher.pollOnce();
    }

    private MachineBackup backup(VolumeKey volume, String machine) {
        return new MachineBackup(volume, "NODE1", machine, clock.instant());
    }

    private LocalEvidenceView view() {
        return answers.view(QUESTION, false);
    }

    /** By the clock of this agent: those of nodes differ. */
    @Test
    void machinesThatAreBackedUpAreToldWithTheTimeSinceThen() {
        VolumeKey volume = cluster.volumes.get(StubCluster.VOLUME1).key();
        backedUp(true, backup(volume, "SQL-7"), backup(volume, "SQL-8"));
        clock.advance(Duration.ofSeconds(7));

        assertThat(view().machinesKnown()).isTrue();
        assertThat(view().machines())
                .containsExactly(new LocalEvidenceView.Machine(volume.resourceId(), volume.guidName(), "SQL-7", 7_000));

        clock.set(Duration.ofSeconds(-30));
        assertThat(view().machines().get(0).saidMillisAgo()).isZero();
        backedUp(false);
        assertThat(view().machinesKnown()).isFalse();
        assertThat(view().machines()).isEmpty();
        backedUp(true);
        assertThat(view().machinesKnown()).isTrue();
    }

    /** The longest names on the most volumes leave room for a list. The volumes whose state is set come first: only these can be cleared. */
    @Test
    void ofManyVolumesWithSuchMachinesThoseWithAStateAreTold() throws Exception {
        VolumeKey set = cluster.volumes.get(StubCluster.VOLUME10).key();
        cluster.set(StubCluster.VOLUME10, BackupState.IN_PROGRESS);
        List<MachineBackup> running = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            running.add(backup(new VolumeKey(UUID.randomUUID().toString(), StubCluster.guid(i)), "\u5171".repeat(100)));
        }
        running.add(backup(set, "SQL-7"));
        backedUp(true, running.toArray(MachineBackup[]::new));

        LocalEvidence told = ask(false);

        assertThat(told.evidence().machines().running())
                .hasSize(LocalAnswers.MOST_MACHINES)
                .startsWith(backup(set, "SQL-7"));
        String json = Json.write(LocalEvidenceJson.write(told, clock.instant()));
        assertThat(json).hasSizeLessThan(LocalAnswers.MOST_CHARACTERS / 2);
        assertThat(LocalEvidenceJson.read(Json.read(json), clock.instant())
                        .evidence()
                        .machines()
                        .running())
                .hasSize(LocalAnswers.MOST_MACHINES);
    }

    @Test
    void aListThatIsTooLongIsReplacedByAProblem() {
        watcher.pollOnce();
        int fit = 0;
        for (int number = 100; number < 2000; number += 100) {
            clock.advance(ShadowCopyTurns.EVERY);
            cluster.shadowCopies.put("NODE1", SampleEvidence.copies(number).copies());
            LocalEvidence told = ask(true);
            NodeAnswer<ShadowCopies> list = told.evidence().shadowCopies();
            assertThat(Json.write(LocalEvidenceJson.write(told, clock.instant())))
                    .hasSizeLessThanOrEqualTo(254 * 1024);
            if (list.value() == null) {
                assertThat(list.problem())
                        .isEqualTo(new Problem(
                                "the list of the shadow copies of NODE1 is longer than the 256 KiB that an agent sends"
                                        + " to another",
                                "Delete shadow copies on NODE1 that are no longer needed."));
                assertThat(told.evidence().vss().status()).isNotNull();
            } else {
                fit = number;
            }
        }
        assertThat(fit).isBetween(500, 1500);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "0123456789abcdef0123456789abcde",
                "0123456789abcdef0123456789abcdef0",
                "x123456789abcdef0123456789abcdef",
                "0123456789abcdef0123456789abcdef\n"
            })
    void aQuestionHasTheFormOfOne(String question) {
        watcher.pollOnce();

        assertThatThrownBy(() -> answers.to(question, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "The argument \"question\" must be 32 hexadecimal digits, chosen at random for each question.");
    }

    @Test
    void anAgentThatDoesNotKnowItsNodeYetSaysSo() {
        assertThatThrownBy(() -> ask(true))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("The agent has not read its cluster yet. Try again when its first poll has succeeded.");
        assertThat(cluster.askedForShadowCopies).isEmpty();
    }
}
