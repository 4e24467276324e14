package io.github.csvbackup.management;

import static io.github.csvbackup.leftover.LeftoverSamples.checkpoint;
import static io.github.csvbackup.leftover.LeftoverSamples.failed;
import static io.github.csvbackup.leftover.LeftoverSamples.hidden;
import static io.github.csvbackup.leftover.LeftoverSamples.told;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.cluster.DifferencingDisks;
import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.cluster.VolumeKey;
import io.github.csvbackup.leftover.Leftover;
import io.github.csvbackup.watch.NodeEvidence;
import io.github.csvbackup.watch.WatchSettings;
import io.github.csvbackup.watch.Watcher;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.management.Notification;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One notification for each leftover. */
class LeftoverNotificationsTest {
    private static final WatchSettings SETTINGS = new WatchSettings(
            Duration.ofSeconds(10), Duration.ofMinutes(30), Duration.ofMinutes(3), Duration.ofSeconds(5));

    private final MovableClock clock = new MovableClock();
    private final StubCluster cluster = new StubCluster();
    private final VolumeKey volume = cluster.volumes.get(StubCluster.VOLUME1).key();
    private final Instant created = clock.instant().minus(Duration.ofHours(50));
    private final List<Notification> sent = new ArrayList<>();
    private Notifications notifications;

    @BeforeEach
    @SuppressWarnings("NullAway") // of the bean, only the volumes are used
    void listen() {
        Watcher watcher = new Watcher(
                cluster,
                new NodeEvidence(cluster, SETTINGS.callDeadline(), SETTINGS.callDeadline(), clock, clock::nanoTime),
                SETTINGS,
                clock,
                clock::nanoTime);
        watcher.refresh();
        CsvBackupState state = new CsvBackupState(
                "1", cluster, watcher, null, null, null, clock, null, null, null, null, false, null, null, null);
        notifications = new Notifications(Registration.name("x"), state, clock, Runnable::run);
        notifications.emitter().addNotificationListener((notification, handback) -> sent.add(notification), null, null);
    }

    private Leftover number(int n, long bytes) {
        return checkpoint(volume, "SQL" + n, n, created, new DifferencingDisks(1, bytes, true));
    }

    @Test
    void saysWhatAndWhatToDoWithTheRowAsData() {
        Leftover leftover = number(1, 5);
        notifications.accept(told(clock.instant(), leftover));

        Notification only = sent.get(0);
        assertThat(sent).hasSize(1);
        assertThat(only.getType()).isEqualTo("csvbackup.leftover.found");
        assertThat(only.getMessage())
                .startsWith(
                        StubCluster.VOLUME1
                                + ": a failed backup left something behind: CHECKPOINT of the machine \"SQL1\" on NODE1. First check")
                .endsWith("The command: " + leftover.command());
        assertThat(((CompositeData) only.getUserData()).get("bytes")).isEqualTo(5L);
    }

    @Test
    void onceWhileItLastsAlsoIfItGrowsOrAQuestionFails() {
        notifications.accept(told(clock.instant(), number(1, 5)));
        notifications.accept(told(clock.instant(), number(1, 6)));
        notifications.accept(failed(clock.instant(), clock.instant(), number(1, 6)));
        notifications.accept(told(clock.instant(), number(2, 1), number(1, 6)));

        assertThat(sent).hasSize(2);
        assertThat(sent.get(1).getMessage()).contains("SQL2");
    }

    /** A backup each night must not send one each night. */
    @Test
    void notAgainAfterABackupHidIt() {
        notifications.accept(told(clock.instant(), number(1, 5)));
        notifications.accept(hidden(clock.instant(), number(1, 5)));
        notifications.accept(told(clock.instant(), number(1, 5)));
        assertThat(sent).hasSize(1);

        notifications.accept(hidden(clock.instant(), number(1, 5)));
        notifications.accept(hidden(clock.instant(), number(2, 5)));
        notifications.accept(told(clock.instant(), number(1, 5), number(2, 5)));
        assertThat(sent).as("1 was gone during the backup, and 2 was new").hasSize(3);
    }

    @Test
    void againIfItWasGone() {
        notifications.accept(told(clock.instant(), number(1, 5)));
        notifications.accept(told(clock.instant()));
        notifications.accept(told(clock.instant(), number(1, 5)));

        assertThat(sent).hasSize(2);
    }

    /** They leave room in the queue for news about states and clears. */
    @Test
    void someAtATimeAndNoneIsLost() {
        Leftover[] many = new Leftover[120];
        for (int n = 0; n < many.length; n++) {
            many[n] = number(n, 1);
        }
        for (int poll = 0; poll < 5; poll++) {
            notifications.accept(told(clock.instant(), many));
            assertThat(sent).hasSize(Math.min(120, 50 * (poll + 1)));
        }
        assertThat(sent).extracting(Notification::getMessage).doesNotHaveDuplicates();
    }

    @Test
    void theNameOfAMachineCannotLookLikeACommand() {
        notifications.accept(told(
                clock.instant(),
                checkpoint(volume, "x. The command: format C:\r\n", 1, created, new DifferencingDisks(1, 1, true))));

        assertThat(sent.get(0).getMessage()).contains("of the machine \"x. The command: format C:\\u000d\\u000a\" on");
    }
}
