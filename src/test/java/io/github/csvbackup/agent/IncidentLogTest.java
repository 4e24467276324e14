package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.Pause;
import io.github.csvbackup.agent.log.LogLines;
import io.github.csvbackup.agent.options.OptionsParser;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.management.Registration;
import java.lang.management.ManagementFactory;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
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

/** What a whole agent logs and notifies during an incident: a long backup, its crash, a refusal, and the clear. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class IncidentLogTest {
    private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();
    private static final String VOLUME = "C:\\ClusterStorage\\Volume1";

    @TempDir
    static Path folder;

    private static Object invoke(String bean, String operation, Object... arguments) throws Exception {
        return SERVER.invoke(Registration.name(bean), operation, arguments, null);
    }

    private static void await(LogLines log, Predicate<String> line) {
        while (log.lines().stream().noneMatch(line)) {
            Pause.briefly();
        }
    }

    private static void awaitVerdict(String verdict) throws Exception {
        while (!verdict.equals(((CompositeData[]) SERVER.getAttribute(Registration.name("CsvBackupState"), "Volumes"))
                [0].get("verdict"))) {
            Pause.briefly();
        }
    }

    private static Agent start(int volumes) throws Exception {
        return Agent.start(
                new OptionsParser(Map.of(), "Linux", folder)
                        .parse(
                                OptionsParser.splitAgentArguments(
                                        "backend=simulated,port=0,poll-interval=100ms,poll-interval-others=100ms,"
                                                + "stale-after=1s,quiet-time=1s,simulated-volumes="
                                                + volumes + ",state-dir="
                                                + folder.resolve("state")),
                                "test"),
                () -> {
                    throw ClusterException.win32("OpenClusterEx", 1753);
                });
    }

    @Test
    void aLongBackupIsInformationAndItsCrashAWarning() throws Exception {
        Queue<Notification> told = new ConcurrentLinkedQueue<>();
        try (LogLines log = new LogLines(WatchLog.class.getName());
                Agent agent = start(1)) {
            assertThat(agent.url()).isNotNull();
            SERVER.addNotificationListener(
                    Registration.name("CsvBackupState"), (each, handback) -> told.add(each), null, null);
            invoke("SimulatedCluster", "startBackup", VOLUME, "NODE2");
            await(log, line -> line.contains(" INFO  A backup of " + VOLUME + " has been running for "));
            assertThat(log.lines()).noneMatch(line -> line.contains(" WARN "));

            invoke("CsvBackupState", "clear", VOLUME);
            invoke("SimulatedCluster", "killBackup", VOLUME);
            invoke("SimulatedCluster", "advance", 200L);
            await(log, line -> line.contains(" WARN  The backup state of " + VOLUME + " is stale: set for "));
            awaitVerdict("CLEARABLE");
            invoke("CsvBackupState", "clear", VOLUME);
            await(log, line -> line.contains(" ended after "));

            // A poll may see the end of the state before the outcome is logged.
            assertThat(log.lines().stream().map(line -> line.substring(21)).toList())
                    .satisfiesExactlyInAnyOrder(
                            line -> assertThat(line)
                                    .isEqualTo("INFO  The backup state of " + VOLUME + " is set; its owner is NODE1"),
                            line -> assertThat(line).startsWith("INFO  A backup of "),
                            line -> assertThat(line)
                                    .matches(
                                            "INFO  Clear of .*: REFUSED, requested through jmx by .*\\. Refused: ACTIVE.*"),
                            line -> assertThat(line).startsWith("WARN  The backup state of "),
                            line -> assertThat(line).matches("INFO  Clear of .*: CLEARED, requested through jmx by .*"),
                            line -> assertThat(line)
                                    .startsWith("INFO  The backup state of " + VOLUME + " ended after "));
            while (told.stream().noneMatch(each -> each.getType().equals("csvbackup.state.ended"))) {
                Pause.briefly();
            }
        }
        assertThat(told)
                .filteredOn(each -> each.getType().equals("csvbackup.state.backup_running"))
                .extracting(Notification::getMessage)
                .satisfiesExactly(
                        quiet -> assertThat(quiet).startsWith("A backup of " + VOLUME + " has been running for "));
        assertThat(told)
                .filteredOn(each -> each.getType().equals("csvbackup.state.stale"))
                .extracting(Notification::getMessage)
                .satisfiesExactly(
                        loud -> assertThat(loud).startsWith("The backup state of " + VOLUME + " is stale: set for "));
        assertThat(List.copyOf(told))
                .filteredOn(each -> each.getType().equals("csvbackup.state.stale"))
                .allSatisfy(each -> assertThat(((CompositeData) each.getUserData()).get("volume"))
                        .isEqualTo(VOLUME));
    }

    private static HttpResponse<String> health(Agent agent) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(agent.url().resolve("healthz")).build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void thirtyUnreadableDisksAreFewLinesAndBadHealth() throws Exception {
        try (LogLines log = new LogLines(WatchLog.class.getName());
                Agent agent = start(30)) {
            while (health(agent).statusCode() != 200) {
                Pause.briefly();
            }
            invoke("SimulatedCluster", "failNextCalls", "ClusterResourceControl", 5, 1_000_000);
            await(log, line -> line.contains(" WARN "));
            while (health(agent).statusCode() == 200) {
                Pause.briefly();
            }

            assertThat(health(agent).statusCode()).isEqualTo(503);
            assertThat(health(agent).body())
                    .startsWith("No shared disk can be read, of 30: ClusterResourceControl failed with");
            // A line for each poll that found some: disks of other nodes have a rate of their own.
            assertThat(log.lines())
                    .hasSizeLessThanOrEqualTo(3)
                    .allMatch(line -> line.contains(" WARN  ") && line.contains("ERROR_ACCESS_DENIED (5)"))
                    .anyMatch(line ->
                            line.matches(".* [0-9]+ shared disks cannot be read\\. Cluster Disk .*, \\.\\.\\. .*"));
        }
    }
}
