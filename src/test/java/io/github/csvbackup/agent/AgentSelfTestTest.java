package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.Pause;
import io.github.csvbackup.agent.options.OptionsParser;
import io.github.csvbackup.audit.AuditFile;
import io.github.csvbackup.audit.AuditLine;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.files.PrivateFile;
import io.github.csvbackup.http.Certificate;
import io.github.csvbackup.management.Registration;
import io.github.csvbackup.security.PasswordHash;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The operation selfTest of a running agent, over JMX and over Jolokia. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AgentSelfTestTest {
    private static final ObjectName STATE = Registration.name("CsvBackupState");
    private static final String REQUEST = "{\"type\":\"exec\",\"mbean\":\"" + STATE + "\",\"operation\":\"selfTest\"}";

    @TempDir
    Path folder;

    @AfterEach
    void nothingRemains() throws Exception {
        assertThat(ManagementFactory.getPlatformMBeanServer().queryNames(new ObjectName("io.github.csvbackup:*"), null))
                .isEmpty();
    }

    private Agent start(String arguments, WindowsBackend windows) throws Exception {
        String all = "port=0,poll-interval=250ms,state-dir=" + folder.resolve("state") + "," + arguments;
        return Agent.start(
                new OptionsParser(Map.of(), "Windows Server 2022", folder)
                        .parse(OptionsParser.splitAgentArguments(all), "test"),
                windows);
    }

    private Agent simulated(String arguments) throws Exception {
        return start("backend=simulated" + arguments, () -> {
            throw ClusterException.win32("OpenClusterEx", 1753);
        });
    }

    private static void invoke(String bean, String operation, String... arguments) throws Exception {
        String[] types =
                Arrays.stream(arguments).map(each -> "java.lang.String").toArray(String[]::new);
        ManagementFactory.getPlatformMBeanServer().invoke(Registration.name(bean), operation, arguments, types);
    }

    /** The findings of a new poll and a new self test, by check. */
    private static Map<String, CompositeData> selfTest() throws Exception {
        invoke("CsvBackupState", "refresh");
        CompositeData[] found = (CompositeData[])
                ManagementFactory.getPlatformMBeanServer().invoke(STATE, "selfTest", new Object[0], new String[0]);
        return Arrays.stream(found)
                .collect(
                        Collectors.toMap(each -> (String) each.get("check"), Function.identity(), (one, other) -> one));
    }

    private static String text(CompositeData finding) {
        return finding.get("result") + " " + finding.get("detail");
    }

    @Test
    void saysWhatAnInstallerNeeds() throws Exception {
        try (Agent agent = simulated("")) {
            Map<String, CompositeData> found = selfTest();

            assertThat(text(found.get("agent")))
                    .startsWith("OK version development, process ")
                    .contains("simulated");
            assertThat(text(found.get("java"))).startsWith("OK " + System.getProperty("java.version") + ", ");
            assertThat(text(found.get("account"))).isEqualTo("OK " + System.getProperty("user.name"));
            assertThat(text(found.get("state-dir"))).isEqualTo("OK " + folder.resolve("state"));
            assertThat(text(found.get("http"))).isEqualTo("OK listening on " + agent.url());
            assertThat(text(found.get("threads"))).isEqualTo("OK all run");
            assertThat(text(found.get("audit"))).isEqualTo("OK intact, newest line 1");
            assertThat(text(found.get("last-poll"))).startsWith("OK the last successful poll ended 20");
            assertThat(text(found.get("backup-states"))).isEqualTo("OK no state is set");
            assertThat(text(found.get("clears"))).startsWith("OK no clear is in progress");
            assertThat(text(found.get("leftovers"))).startsWith("OK this node was not asked yet");
            assertThat(text(found.get("system"))).startsWith("WARNING the cluster is simulated");
            assertThat(text(found.get("services on NODE3"))).isEqualTo("OK VSS STOPPED, swprv STOPPED");
        }
    }

    @Test
    void aStateThatIsSetAndACheckAfterAClearAreWarnings() throws Exception {
        try (Agent agent = simulated(",stale-after=1s,quiet-time=1s")) {
            invoke("SimulatedCluster", "startBackup", StubCluster.VOLUME1, "NODE1");
            invoke("SimulatedCluster", "killBackup", StubCluster.VOLUME1);
            Map<String, CompositeData> found = selfTest();
            assertThat(text(found.get("backup-states"))).isEqualTo("WARNING set on " + StubCluster.VOLUME1);
            assertThat((String) found.get("backup-states").get("remedy")).startsWith("Do not stop or update the agent");

            for (String node : new String[] {"NODE1", "NODE2", "NODE3"}) {
                invoke("SimulatedCluster", "setServiceState", node, "VSS", "STOPPED");
                invoke("SimulatedCluster", "setServiceState", node, "swprv", "STOPPED");
            }
            while (!call("assess", "verdict").equals("CLEARABLE")) {
                Pause.briefly();
            }
            assertThat(call("clear", "outcome")).isEqualTo("CLEARED");

            found = selfTest();
            assertThat(agent.url()).isNotNull();
            assertThat(text(found.get("backup-states"))).isEqualTo("OK no state is set");
            assertThat(text(found.get("clears"))).isEqualTo("WARNING a check after a clear is due within 15 minutes");
        }
    }

    private static Object call(String operation, String field) throws Exception {
        CompositeData result = (CompositeData) ManagementFactory.getPlatformMBeanServer()
                .invoke(STATE, operation, new Object[] {StubCluster.VOLUME1}, new String[] {"java.lang.String"});
        return result.get(field);
    }

    @Test
    void aClusterThatCannotBeReadFailsThePollAndTheRest() throws Exception {
        StubCluster cluster = new StubCluster();
        cluster.readFailure = ClusterException.win32("OpenClusterEx", 5);
        try (Agent agent = start("backend=windows", () -> cluster)) {
            Map<String, CompositeData> found = selfTest();

            assertThat(agent.url()).isNotNull();
            assertThat(text(found.get("last-poll")))
                    .startsWith("FAILED OpenClusterEx failed with ERROR_ACCESS_DENIED (5)")
                    .endsWith("; no poll has succeeded yet");
            assertThat(text(found.get("read-access")))
                    .startsWith("FAILED OpenClusterEx failed with ERROR_ACCESS_DENIED (5)");
        }
    }

    @Test
    void anAuditThatSomethingElseChangedIsAWarning() throws Exception {
        try (Agent agent = simulated("")) {
            assertThat(agent.url()).isNotNull();
        }
        Files.delete(folder.resolve("state").resolve("audit.jsonl"));
        try (Agent agent = simulated("")) {
            assertThat(agent.url()).isNotNull();
            assertThat(text(selfTest().get("audit"))).startsWith("WARNING The audit was changed by something other");
        }
    }

    @Test
    void aClearOfAnEarlierRunWithoutAnOutcomeIsAWarning() throws Exception {
        try (Agent agent = simulated("")) {
            assertThat(agent.url()).isNotNull();
        }
        try (AuditFile earlier = AuditFile.open(folder.resolve("state"), "1.2.3")) {
            earlier.append(new AuditLine(
                    "gone", "intent", Instant.now(), Map.of("volume", StubCluster.VOLUME1, "principal", "ann")));
        }
        try (Agent agent = simulated("")) {
            assertThat(agent.url()).isNotNull();
            assertThat(text(selfTest().get("unfinished-clears")))
                    .startsWith("WARNING")
                    .contains("(gone) has no outcome");
        }
    }

    @Test
    void overHttpItNeedsAnOperator() throws Exception {
        Path users = PrivateFile.write(
                folder.resolve("users"),
                "ann operator " + PasswordHash.of("of ann, long".toCharArray()) + "\nbob reader "
                        + PasswordHash.of("of bob, long".toCharArray()) + "\n");
        Path keystore = Certificate.make(folder.resolve("agent.pfx"), "agent", "127.0.0.1");
        PrivateFile.write(folder.resolve("password"), Certificate.PASSWORD);
        HttpClient http =
                HttpClient.newBuilder().sslContext(Certificate.trust(keystore)).build();
        try (Agent agent = simulated(",remote-host=127.0.0.1,remote-port=0,users=" + users + ",tls-keystore=" + keystore
                + ",tls-password-file=" + folder.resolve("password"))) {
            URI local = agent.url();
            URI remote = TwoDoors.remote(agent);
            assertThat(post(http, local, "").statusCode()).isEqualTo(401);
            assertThat(post(http, remote, basic("bob", "of bob, long")).body())
                    .contains("\"status\":403", "selfTest requires the operator role, and bob is a reader");
            for (HttpResponse<String> answer : List.of(
                    post(http, local, "Bearer " + agent.token()), post(http, remote, basic("ann", "of ann, long")))) {
                assertThat(answer.body())
                        .contains("\"status\":200", "\"check\":\"services on NODE2\"", "\"result\":\"OK\"");
            }
        }
    }

    private static String basic(String name, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((name + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private static HttpResponse<String> post(HttpClient http, URI door, String authorization) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(door.resolve("jolokia/")).POST(HttpRequest.BodyPublishers.ofString(REQUEST));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
