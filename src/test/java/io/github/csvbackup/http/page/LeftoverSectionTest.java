package io.github.csvbackup.http.page;

import static io.github.csvbackup.leftover.LeftoverSamples.checkpoint;
import static io.github.csvbackup.leftover.LeftoverSamples.failed;
import static io.github.csvbackup.leftover.LeftoverSamples.listed;
import static io.github.csvbackup.leftover.LeftoverSamples.notMerging;
import static io.github.csvbackup.leftover.LeftoverSamples.shadowCopy;
import static io.github.csvbackup.leftover.LeftoverSamples.stuck;
import static io.github.csvbackup.leftover.LeftoverSamples.told;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.OddNames;
import io.github.csvbackup.cluster.DifferencingDisks;
import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.cluster.VolumeKey;
import io.github.csvbackup.leftover.Leftover;
import io.github.csvbackup.leftover.Leftovers;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the page says about what failed backups left behind. */
class LeftoverSectionTest {
    private static final String HEADING = "Left behind by failed backups";

    private final Scene scene = new Scene();
    private VolumeKey volume;
    private Instant now;

    @BeforeEach
    void poll() {
        scene.watcher.refresh();
        volume = scene.cluster.volumes.get(StubCluster.VOLUME1).key();
        now = scene.clock.instant();
    }

    private Instant ago(int hours) {
        return now.minus(Duration.ofHours(hours));
    }

    private String shown(Leftovers leftovers) {
        scene.leftovers = leftovers;
        return Scene.visible(scene.text());
    }

    @ParameterizedTest
    @EnumSource
    void nothingWithoutLeftovers(Leftovers.Answer answer) {
        assertThat(shown(Leftovers.none(answer))).doesNotContain(HEADING);
    }

    @Test
    void eachKindWithItsAgeItsAdviceAndItsCommand() {
        Leftover checkpoint = checkpoint(volume, "SQL1", 1, ago(50), new DifferencingDisks(2, 45_097_156_608L, true));

        assertThat(shown(listed(
                        now,
                        ago(20),
                        checkpoint,
                        notMerging(volume, "SQL2", ago(3)),
                        stuck(volume, "SQL3", ago(30)),
                        shadowCopy(volume, ago(26)))))
                .contains(HEADING + " On this node, as of ", "(just now). Shadow copies as of their last list, ")
                .contains("(20 h 0 min ago). The agent never runs these commands.")
                .contains(StubCluster.VOLUME1 + " Recovery checkpoint , machine SQL1 , created ")
                .contains("(50 h 0 min ago). Differencing disks of the machine: 2, 42.0 GB. First check that no backup")
                .contains(checkpoint.advice() + " " + checkpoint.command())
                .contains("Disk merging is switched off , machine SQL2 , seen so since ")
                .contains("Seems to be backed up for too long , machine SQL3 , seen so since ")
                .contains("Persistent shadow copy , created ", "vssadmin delete shadows");
    }

    @Test
    void withoutARecentListNothingIsSaidOfShadowCopies() {
        assertThat(shown(told(now, stuck(volume, "SQL3", ago(30)))))
                .contains(
                        "(just now). Whether there are old shadow copies is not known, as the agent has no list of the last"
                                + " four days: Get-CsvShadowCopy lists them, and starts VSS for that. The agent never runs");
    }

    @Test
    void aCountThatEndedEarlySaysSo() {
        assertThat(shown(told(now, checkpoint(volume, "SQL1", 1, null, new DifferencingDisks(1, 1, false)))))
                .contains("machine SQL1 . Differencing disks of the machine: 1, at least 1 MB.");
    }

    @Test
    void aFailureIsOneSentenceAndEarlierLeftoversStay() {
        assertThat(shown(failed(now, null)))
                .contains(HEADING
                        + " This node could not be asked for what failed backups left behind: WMI on NODE1 denied"
                        + " access. Run the agent as SYSTEM. ")
                .doesNotContain("as of");
        scene.clock.advance(Duration.ofSeconds(1));
        assertThat(shown(failed(now, ago(2), checkpoint(volume, "SQL1", 1, ago(50), null))))
                .contains("denied access", "(2 h 0 min ago)", "machine SQL1 , created ");
    }

    @Test
    void aThousandAreBounded() {
        Leftover[] many = IntStream.range(0, 1000)
                .mapToObj(n -> checkpoint(volume, "VM" + n, n, ago(50), null))
                .toArray(Leftover[]::new);

        assertThat(shown(told(now, many)))
                .contains("machine VM19 ", "And 980 more: Get-CsvBackupLeftover lists all of them.")
                .doesNotContain("machine VM20 ");
    }

    @Test
    void aVolumeThatIsGoneHasItsGuidName() {
        VolumeKey gone = new VolumeKey("x", StubCluster.guid(77));

        assertThat(shown(told(now, stuck(gone, "SQL1", ago(30))))).contains(StubCluster.guid(77) + " Seems to be");
    }

    @Test
    void noNameIsMarkup() {
        Leftover[] odd = OddNames.all().stream()
                .limit(20)
                .map(name -> checkpoint(volume, name, 1, ago(50), null))
                .toArray(Leftover[]::new);
        shown(told(now, odd));

        assertThat(scene.text()).doesNotContain("<script", "<img", "\u001b", "\u202e");
    }
}
