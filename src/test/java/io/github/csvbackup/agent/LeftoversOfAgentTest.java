package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.Pause;
import io.github.csvbackup.agent.options.OptionsParser;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.management.Registration;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import javax.management.MBeanServer;
import javax.management.Notification;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a whole agent tells through its MBean of what failed backups left behind. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LeftoversOfAgentTest {
    private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();
    private static final String VOLUME = "C:\\ClusterStorage\\Volume1";

    @TempDir
    static Path folder;

    private final Queue<Notification> told = new ConcurrentLinkedQueue<>();

    private static Agent start() throws Exception {
        return Agent.start(
                new OptionsParser(Map.of(), "Linux", folder)
                        .parse(
                                OptionsParser.splitAgentArguments(
                                        "backend=simulated,port=0,poll-interval=100ms,leftover-interval=1s,state-dir="
                                                + folder.resolve("state")),
                                "test"),
                () -> {
                    throw ClusterException.win32("OpenClusterEx", 1753);
                });
    }

    private static void simulate(String operation, Object... arguments) throws Exception {
        SERVER.invoke(Registration.name("SimulatedCluster"), operation, arguments, null);
    }

    private static Object attribute(String name) throws Exception {
        return SERVER.getAttribute(Registration.name("CsvBackupState"), name);
    }

    private static CompositeData[] awaitRows(Predicate<CompositeData[]> condition) throws Exception {
        CompositeData[] rows = (CompositeData[]) attribute("Leftovers");
        while (!condition.test(rows)) {
            Pause.briefly();
            rows = (CompositeData[]) attribute("Leftovers");
        }
        return rows;
    }

    private void awaitNotification(String machine) {
        while (told.stream().noneMatch(each -> isAbout(each, machine))) {
            Pause.briefly();
        }
    }

    private static boolean isAbout(Notification notification, String machine) {
        return notification.getType().equals("csvbackup.leftover.found")
                && machine.equals(((CompositeData) notification.getUserData()).get("machine"));
    }

    @Test
    void aLeftoverIsARowACountAndOneNotificationAlsoIfABackupHidesIt() throws Exception {
        try (Agent agent = start()) {
            assertThat(agent.url()).isNotNull();
            SERVER.addNotificationListener(
                    Registration.name("CsvBackupState"), (each, handback) -> told.add(each), null, null);
            simulate("addMachine", "NODE1", "SQL-7", VOLUME);
            simulate("addCheckpoint", "SQL-7", 90_000L);
            awaitNotification("SQL-7");

            CompositeData row = awaitRows(rows -> rows.length == 1)[0];
            assertThat(row.get("kind")).isEqualTo("CHECKPOINT");
            assertThat(row.get("volume")).isEqualTo(VOLUME);
            assertThat(row.get("machine")).isEqualTo("SQL-7");
            assertThat(((CompositeData) attribute("LeftoverCounts")).get("checkpoint"))
                    .isEqualTo(1);
            CompositeData asked = (CompositeData) attribute("LeftoversAsked");
            assertThat(asked.get("answer")).isEqualTo("TOLD");
            assertThat(asked.get("problem")).isNull();
            assertThat((Long) asked.get("successTimeEpochMillis")).isPositive();

            simulate("backUpMachine", "SQL-7");
            awaitRows(rows -> rows.length == 0);
            simulate("endMachineBackup", "SQL-7");
            awaitRows(rows -> rows.length == 1);
            simulate("addMachine", "NODE1", "SQL-8", VOLUME);
            simulate("addCheckpoint", "SQL-8", 90_000L);
            awaitNotification("SQL-8");
        }
        assertThat(told).filteredOn(each -> isAbout(each, "SQL-7")).hasSize(1);
    }
}
