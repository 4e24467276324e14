package io.github.csvbackup.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.Documents;
import io.github.csvbackup.agent.Agent;
import io.github.csvbackup.agent.options.Option;
import io.github.csvbackup.agent.options.OptionsParser;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.simulated.SimulatedCluster;
import io.github.csvbackup.files.PrivateFile;
import io.github.csvbackup.management.Registration;
import io.github.csvbackup.peer.LocalEvidence;
import io.github.csvbackup.peer.PeerWorld;
import io.github.csvbackup.peer.PlayedServer;
import io.github.csvbackup.peer.TestAuthority;
import io.github.csvbackup.security.PasswordHash;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A running agent on NODE1 that asks a played agent on NODE2, and what its clients see of that. */
@Tag("jdk-independent")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class PeersCommandTest {
    @TempDir
    Path folder;

    private final TestedCli cli = new TestedCli();
    private TestAuthority authority;
    private Path users;
    private PlayedServer node2;
    private Agent agent;

    @BeforeEach
    void start() throws Exception {
        authority = TestAuthority.create(folder.resolve("ca"), "HV1");
        node2 = PlayedServer.of(authority.issue("NODE2.example.com"), authority.trust());
        users = PrivateFile.write(
                folder.resolve("users"), "ann reader " + PasswordHash.of("only for tests".toCharArray()) + "\n");
        start("node2=https://127.0.0.1:" + node2.port() + "/,NODE3=off");
    }

    private void start(String peers) throws Exception {
        Map<Option, String> given = new EnumMap<>(Option.class);
        given.put(Option.BACKEND, "simulated");
        given.put(Option.PORT, "0");
        given.put(Option.STATE_DIR, folder.resolve("state").toString());
        given.put(Option.REMOTE_HOST, "127.0.0.1");
        given.put(Option.REMOTE_PORT, "0");
        given.put(Option.USERS, users.toString());
        given.put(Option.TLS_KEYSTORE, authority.issue("NODE1.example.com").toString());
        given.put(Option.TLS_TRUST, authority.trust().toString());
        given.put(Option.PEERS, peers);
        agent = Agent.start(new OptionsParser(Map.of(), "Linux", folder).parse(given, "test"), () -> {
            throw ClusterException.win32("OpenClusterEx", 1753);
        });
        // The agent knows its cluster after the first poll.
        mbean("refresh");
    }

    @AfterEach
    void stop() throws Exception {
        agent.close();
        node2.close();
    }

    private static Object mbean(String operation) throws Exception {
        return ManagementFactory.getPlatformMBeanServer()
                .invoke(Registration.name("CsvBackupState"), operation, new Object[0], new String[0]);
    }

    /** The documented command, with the state directory of this agent. */
    private int peers(String... more) throws Exception {
        String documented =
                Documents.commands("the peers", PeersCommandTest.class).strip();
        assertThat(documented).startsWith("java -jar csv-backup-agent.jar ");
        List<String> arguments = new ArrayList<>(List.of(
                documented.substring("java -jar csv-backup-agent.jar ".length()),
                "--state-dir=" + folder.resolve("state")));
        arguments.addAll(List.of(more));
        return cli.execute(arguments.toArray(String[]::new));
    }

    /** The answer of an agent on a node of the same simulated cluster. */
    private static LocalEvidence ofThisCluster(LocalEvidence told) {
        List<String> disks = new ArrayList<>();
        try (Cluster same = new SimulatedCluster(Clock.systemUTC(), 3, 3)) {
            for (String disk : same.overview().disks()) {
                disks.add(same.disk(disk).id().toLowerCase(Locale.ROOT));
            }
        } catch (ClusterException e) {
            throw new IllegalStateException(e);
        }
        return new LocalEvidence(
                told.question(),
                told.cluster(),
                disks.stream().sorted().toList(),
                told.node(),
                told.version(),
                true,
                told.evidence());
    }

    private String get(String path) throws Exception {
        URI uri = agent.url().resolve(path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Test
    void whatEachAgentAnswered() throws Exception {
        node2.answers(200, body -> PeerWorld.answer(body, PeersCommandTest::ofThisCluster));

        assertThat(peers()).as(cli.out() + cli.err()).isZero();
        assertThat(cli.out()).isEqualToNormalizingNewlines("""
                OUTCOME        NODE: what its agent answered, or why that does not count
                answered       NODE2: version 1.2: VSS STOPPED for 240 s, swprv RUNNING
                not asked      NODE3: is not asked, because the option peers turns it off
                """);
        assertThat(get("metrics"))
                .contains(
                        "csv_backup_peer_requests_total{outcome=\"answered\"} 1.0",
                        "csv_backup_peer_up{node=\"NODE2\"} 1.0");
        assertThat(get("")).contains("Agents of other nodes", "version 1.2: VSS STOPPED for 240 s");
        assertThat(peers("--json")).isZero();
        assertThat(cli.out())
                .startsWith("[{\"node\":\"NODE2\",")
                .contains("\"outcome\":\"answered\"", "\"node\":\"NODE3\"");
    }

    @Test
    void whyAnAnswerDoesNotCountAndWhatToDo() throws Exception {
        node2.answers(200, PeerWorld::answer);

        assertThat(peers()).isEqualTo(1);
        assertThat(cli.out())
                .contains("simulated      NODE2: the agent of NODE2 at https://127.0.0.1:" + node2.port()
                        + "/ does not watch a simulated cluster\n               Use the same backend on all nodes.\n");
        assertThat(get("metrics"))
                .contains(
                        "csv_backup_peer_requests_total{outcome=\"simulated\"} 1.0",
                        "csv_backup_peer_up{node=\"NODE2\"} 0.0");
        CompositeData[] findings = (CompositeData[]) mbean("selfTest");
        assertThat(findings)
                .anySatisfy(finding -> assertThat(finding.getAll(new String[] {"check", "result", "remedy"}))
                        .containsExactly("agent of NODE2", "UNKNOWN", "Use the same backend on all nodes."));
        CompositeData[] last = (CompositeData[])
                ManagementFactory.getPlatformMBeanServer().getAttribute(Registration.name("CsvBackupState"), "Peers");
        assertThat(last).extracting(peer -> peer.get("outcome")).containsExactly("simulated", null);
    }

    @Test
    void aNodeOfTheOptionThatTheClusterDoesNotHave() throws Exception {
        agent.close();
        start("NODE2=off,NODE3=off,NODE9=off");

        assertThat(peers()).isEqualTo(1);
        assertThat(cli.out())
                .endsWith("not asked      NODE9: is in the option peers, but not in the cluster"
                        + System.lineSeparator() + "               Correct the option." + System.lineSeparator());
    }

    @Test
    void anAgentThatDoesNotRun() throws Exception {
        agent.close();
        assertThat(peers()).isEqualTo(1);
        assertThat(cli.err())
                .startsWith("csv-backup-agent: The file with the agent's address, " + urlFile() + ", does not exist."
                        + " Check that the agent runs");
    }

    /** An agent that was killed leaves its files. */
    @Test
    void anAgentThatDoesNotAnswer() throws Exception {
        String url = Files.readString(urlFile());
        String token = Files.readString(agent.tokenFile());
        agent.close();
        PrivateFile.write(urlFile(), url);
        PrivateFile.write(agent.tokenFile(), token);

        assertThat(peers()).isEqualTo(1);
        assertThat(cli.err())
                .startsWith("csv-backup-agent: The agent at http://127.0.0.1:")
                .contains("does not answer");
    }

    private Path urlFile() {
        return folder.resolve("state").resolve("operator.url");
    }

    @Test
    void aWrongOptionIsOneSentence() {
        assertThat(cli.execute("peers", "--port=x")).isEqualTo(2);
        assertThat(cli.err()).contains("port=x (command line) is not valid");
        assertThat(cli.execute("peers", "--host=off")).isEqualTo(2);
        assertThat(cli.err()).contains("host=off (command line) closes the only door");
    }
}
