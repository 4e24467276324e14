package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.Pause;
import io.github.csvbackup.agent.log.LogLines;
import io.github.csvbackup.http.Certificate;
import io.github.csvbackup.management.Registration;
import io.github.csvbackup.security.FileStatus;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a running agent says about tls-trust and its certificate, and whom it recognises. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TrustTest {
    private static final String NODE2 = "NODE2.example.com";
    private static final Pattern OUTDATED = Pattern.compile(
            "(?m)^csv_backup_file_outdated_since_timestamp_seconds\\{[^}]*\"tls-trust\"[^}]*\\} (\\S+)$");

    @TempDir
    Path folder;

    private static double outdated(TwoDoors doors, Agent agent) throws Exception {
        Matcher sample = OUTDATED.matcher(
                doors.send(agent.url(), "metrics", null, Map.of()).body());
        assertThat(sample.find()).isTrue();
        return Double.parseDouble(sample.group(1));
    }

    /** No client connects to the address for other machines here. */
    @Test
    void aDamagedFileIsReportedBeforeAClientComesAndTheReportEndsWithTheRepair() throws Exception {
        TwoDoors doors = new TwoDoors(folder);
        String options = doors.trust(NODE2);
        Path trust = folder.resolve("trust.pem");
        String good = Files.readString(trust);
        try (LogLines log = new LogLines(FileStatus.class.getName());
                Agent agent = doors.start(options)) {
            assertThat(outdated(doors, agent)).isZero();

            Files.writeString(trust, "damaged");
            while (outdated(doors, agent) == 0) {
                Pause.briefly();
            }
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .contains("The agent still uses the previous content of the file")
                    .endsWith("The file tls-trust=" + trust
                            + " contains no certificate. It must contain those of authorities, in PEM.");

            Files.writeString(trust, good);
            while (outdated(doors, agent) != 0) {
                Pause.briefly();
            }
        }
    }

    private static String selfTest(TwoDoors doors, Agent agent) throws Exception {
        return doors.send(
                        agent.url(),
                        "jolokia/",
                        TwoDoors.exec("selfTest", ""),
                        Map.of("Authorization", "Bearer " + agent.token()))
                .body();
    }

    /** Options of an agent whose certificate has these names. */
    private String named(TwoDoors doors, String names) throws Exception {
        String options = doors.trust(NODE2);
        Certificate.make(folder.resolve("agent.pfx"), "agent", "127.0.0.1", "-ext", "san=" + names);
        return options;
    }

    @Test
    void theSelfTestSaysWhetherNodesCanBeRecognised() throws Exception {
        TwoDoors doors = new TwoDoors(folder);
        try (Agent agent = doors.start(doors.trust(NODE2))) {
            assertThat(selfTest(doors, agent)).contains("the certificate of this agent says the domain of the nodes");
        }
        try (LogLines log = new LogLines(CertificateWatch.class.getName());
                Agent agent = doors.start(named(doors, "dns:NODE1"))) {
            assertThat(selfTest(doors, agent))
                    .contains(
                            "\"tls-trust\"",
                            "No client can be recognised as a node of the cluster (tls-trust): the certificate in"
                                    + " tls-keystore is for NODE1, and not for the full DNS name of this node");
            while (log.lines().isEmpty()) {
                Pause.briefly();
            }
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .contains("No client can be recognised as a node of the cluster (tls-trust): ");
        }
    }

    @Test
    void theCertificateOfAnotherNodeIsReported() throws Exception {
        TwoDoors doors = new TwoDoors(folder);
        String options = named(doors, "dns:NODE3.example.com,dns:NODE3");
        try (LogLines log = new LogLines(CertificateWatch.class.getName());
                Agent agent = doors.start(options)) {
            while (log.lines().size() < 2) {
                Pause.briefly();
            }
            assertThat(agent.url()).isNotNull();
            assertThat(log.lines().get(0))
                    .contains("is for NODE3.example.com, NODE3 and not for this node, NODE1: clients");
        }
    }

    private static void failPolls(int times) throws Exception {
        ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        Registration.name("SimulatedCluster"),
                        "failNextCalls",
                        new Object[] {"OpenClusterEx", 5, times},
                        new String[] {"java.lang.String", "int", "int"});
    }

    /** A node that was evicted meanwhile would be in the list of the last poll. */
    @Test
    void noClientIsANodeWhilePollsFail() throws Exception {
        TwoDoors doors = new TwoDoors(folder);
        try (Agent agent = doors.start(doors.trust(NODE2))) {
            TwoDoors node2 = doors.as(NODE2);
            awaitAnswer(node2, agent, "The certificate of NODE2 has the role peer");

            failPolls(1_000_000);
            awaitAnswer(node2, agent, "This address is for the other nodes of the cluster");
            failPolls(1);
            awaitAnswer(node2, agent, "The certificate of NODE2 has the role peer");
        }
    }

    private static void awaitAnswer(TwoDoors client, Agent agent, String begin) throws Exception {
        while (!client.send(TwoDoors.remote(agent), "metrics", null, Map.of())
                .body()
                .startsWith(begin)) {
            Pause.briefly();
        }
    }
}
