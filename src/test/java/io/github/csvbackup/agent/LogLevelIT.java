package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.hostile.HonestClient;
import io.github.csvbackup.hostile.HttpAnswer;
import io.github.csvbackup.hostile.TlsDoor;
import io.github.csvbackup.json.Json;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The level of the log, changed over HTTP while the packaged agent runs. */
@Tag("jdk-independent")
class LogLevelIT {
    @TempDir
    Path folder;

    private TlsDoor door;
    private PackagedAgent agent;

    @BeforeEach
    void start() throws Exception {
        door = TlsDoor.in(folder);
        List<String> options = new ArrayList<>(door.options());
        options.addAll(List.of("--poll-interval=100ms", "--log-dir=" + folder.resolve("logs")));
        agent = PackagedAgent.start(folder.resolve("agent"), List.of(), options);
        agent.awaitPoll();
    }

    @AfterEach
    void stop() {
        agent.close();
    }

    private String token() throws Exception {
        return "Bearer " + Files.readString(agent.token()).strip();
    }

    private String reader() {
        return door.authorization();
    }

    private Map<?, ?> post(String authorization, Map<String, Object> request) throws Exception {
        return (Map<?, ?>) Json.read(send(authorization, request).text());
    }

    private HttpAnswer send(String authorization, Map<String, Object> request) throws Exception {
        boolean remote = authorization.equals(reader());
        URI url = remote ? agent.remoteUrl() : agent.url();
        HonestClient client = new HonestClient(
                new InetSocketAddress(url.getHost(), url.getPort()),
                url.getAuthority(),
                authorization,
                remote ? door.trust() : null,
                HonestClient.PATIENCE);
        return client.post("/jolokia/", Json.write(request));
    }

    private Map<?, ?> level(String authorization, String level) throws Exception {
        return post(authorization, write(level));
    }

    private static Map<String, Object> write(String level) {
        return Map.of(
                "type",
                "write",
                "mbean",
                "io.github.csvbackup:type=CsvBackupState",
                "attribute",
                "LogLevel",
                "value",
                level);
    }

    private Object read(String attribute) throws Exception {
        return post(
                        "",
                        Map.of(
                                "type",
                                "read",
                                "mbean",
                                "io.github.csvbackup:type=CsvBackupState",
                                "attribute",
                                attribute))
                .get("value");
    }

    private void simulate(String operation, String... arguments) throws Exception {
        assertThat(post(
                        token(),
                        Map.of(
                                "type",
                                "exec",
                                "mbean",
                                "io.github.csvbackup:type=SimulatedCluster",
                                "operation",
                                operation,
                                "arguments",
                                List.of((Object[]) arguments))))
                .extracting(answer -> answer.get("status"))
                .hasToString("200");
    }

    private void awaitInProgress(int count) throws Exception {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (!String.valueOf(count).equals(String.valueOf(read("InProgressCount")))) {
            assertThat(System.nanoTime() - end).isNegative();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private List<String> file() throws Exception {
        return Files.readAllLines(folder.resolve("logs").resolve("agent.log"));
    }

    @Test
    void anOperatorChangesWhatTheFileGets() throws Exception {
        String volume = ((List<?>) read("VolumeNames")).get(0).toString();
        assertThat(level(token(), "error"))
                .extracting(answer -> answer.get("status"))
                .hasToString("200");
        simulate("startBackup", volume, "NODE1");
        awaitInProgress(1);
        assertThat(level(token(), "debug"))
                .extracting(answer -> answer.get("status"))
                .hasToString("200");
        assertThat(read("LogLevel")).isEqualTo("debug");
        simulate("completeBackup", volume);
        awaitInProgress(0);
        agent.close();

        List<String> lines = new ArrayList<>(file());
        assertThat(lines)
                .filteredOn(line -> line.contains(" INFO  The log level is now "))
                .extracting(line -> line.replaceFirst(".* is now ", ""))
                .containsExactly(
                        "error, changed by operator token through http from 127.0.0.1",
                        "debug, changed by operator token through http from 127.0.0.1");
        assertThat(lines).noneMatch(line -> line.contains(volume + " is set"));
        assertThat(lines).anyMatch(line -> line.contains(" INFO  The backup state of " + volume + " ended after "));
        assertThat(lines).anyMatch(line -> line.contains(" DEBUG "));
    }

    @Test
    void aReaderAndAStrangerAreRefused() throws Exception {
        assertThat(level(reader(), "debug"))
                .extracting(answer -> answer.get("status") + " " + answer.get("error"))
                .asString()
                .startsWith("403 ")
                .contains("Writing LogLevel requires the operator role, and monitor is a reader.");
        HttpAnswer stranger = send("", write("debug"));
        assertThat(stranger.status()).isEqualTo(401);
        assertThat(stranger.text()).startsWith("Writing LogLevel needs the operator's token");

        assertThat(read("LogLevel")).isEqualTo("info");
        assertThat(file()).noneMatch(line -> line.contains("The log level is now"));
    }

    @Test
    void aWrongLevelIsRefusedWithTheListOfLevels() throws Exception {
        assertThat(level(token(), "loud"))
                .extracting(answer -> answer.get("status") + " " + answer.get("error"))
                .asString()
                .startsWith("400 ")
                .contains("LogLevel=loud is not valid; expected error, warn, info, debug or trace.");

        assertThat(read("LogLevel")).isEqualTo("info");
    }
}
