package io.github.csvbackup;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.agent.PackagedAgent;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jolokia.client.J4pClient;
import org.jolokia.client.request.J4pExecRequest;
import org.jolokia.client.request.J4pReadRequest;
import org.json.simple.JSONObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The packaged agent on a simulated cluster, and clients that are not ours. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ClientsIT {
    private static final String STATE = "io.github.csvbackup:type=CsvBackupState";
    private static final String CLUSTER = "io.github.csvbackup:type=SimulatedCluster";
    private static final String VOLUME = "C:\\ClusterStorage\\Volume1";

    private static final Pattern WITHOUT_MODULE =
            Pattern.compile("<!-- without the module: .*?-->\n```powershell\n(.*?)```", Pattern.DOTALL);

    @TempDir
    static Path folder;

    private static PackagedAgent agent;
    private static URI url;
    private static int jmxPort;

    @BeforeAll
    static void start() throws Exception {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            jmxPort = free.getLocalPort();
        }
        agent = PackagedAgent.start(
                folder.resolve("agent"),
                List.of(
                        "-Dcom.sun.management.jmxremote.port=" + jmxPort,
                        "-Dcom.sun.management.jmxremote.host=127.0.0.1",
                        "-Djava.rmi.server.hostname=127.0.0.1",
                        "-Dcom.sun.management.jmxremote.authenticate=false",
                        "-Dcom.sun.management.jmxremote.ssl=false"),
                List.of("--poll-interval=100ms", "--stale-after=2s", "--quiet-time=1s", "--allow-force=true"));
        url = agent.url();
        assertThat(url).hasScheme("http").hasHost("127.0.0.1");
    }

    @AfterAll
    static void stop() throws Exception {
        agent.close();
        assertThat(agent.output()).as("the standard output, a single line").hasLineCount(1);
        assertThat(agent.errors())
                .as("the standard error, which would say that TCP_NODELAY cannot be set")
                .doesNotContain("40 ms");
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static String run(List<String> command, Path input) throws Exception {
        Path output = Files.createTempFile(folder, "output", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        if (input != null) {
            builder.redirectInput(input.toFile());
        }
        Process process = builder.start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("%s", command).isTrue();
        String said = Files.readString(output);
        assertThat(process.exitValue()).as("%s: %s", command, said).isZero();
        return said;
    }

    private static String curl() {
        return RealPart.program("Debian's package curl", "curl");
    }

    @Test
    void curlClearsWhatAJolokiaClientSeesBecomeStale() throws Exception {
        String curl = curl();
        J4pClient client = J4pClient.url(url.resolve("jolokia/").toString())
                .user("operator")
                .password(Files.readString(agent.token()).strip())
                .build();
        client.execute(new J4pExecRequest(CLUSTER, "startBackup", VOLUME, "NODE2"), "POST");
        await("the state is seen", () -> number(client, "InProgressCount") > 0);
        client.execute(new J4pExecRequest(CLUSTER, "killBackup", VOLUME), "POST");
        client.execute(new J4pExecRequest(CLUSTER, "advance", 200), "POST");
        await("the state is clearable", () -> {
            JSONObject assessed = client.execute(new J4pExecRequest(STATE, "assess", VOLUME), "POST")
                    .getValue();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
            return "CLEARABLE".equals(assessed.get("verdict"));
        });

        String answer = run(
                List.of(
                        curl,
                        "-sS",
                        "-H",
                        "Authorization: Bearer "
                                + Files.readString(agent.token()).strip(),
                        "-d",
                        "{\"type\":\"exec\",\"mbean\":\"" + STATE
                                + "\",\"operation\":\"clear\",\"arguments\":[\"C:\\\\ClusterStorage\\\\Volume1\"]}",
                        url.resolve("jolokia/").toString()),
                null);

        assertThat(answer).contains("\"outcome\":\"CLEARED\"").contains("\"stateAfter\":\"NONE\"");
        assertThat(number(client, "ClearedTotal")).isPositive();
        assertThat(number(client, "StaleTotal")).isPositive();
    }

    private static long number(J4pClient client, String attribute) throws Exception {
        Number value = client.execute(new J4pReadRequest(STATE, attribute)).getValue();
        return value.longValue();
    }

    @FunctionalInterface
    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(String what, Condition condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    @Test
    void promtoolFindsNothingToMendInTheMetrics() throws Exception {
        String promtool = RealPart.program("Debian's package prometheus", "promtool");
        String curl = curl();
        Path metrics = folder.resolve("metrics.txt");
        Files.writeString(
                metrics, run(List.of(curl, "-sS", url.resolve("metrics").toString()), null));

        assertThat(run(List.of(promtool, "check", "metrics"), metrics)).isEmpty();
        assertThat(run(
                        List.of(
                                curl,
                                "-sS",
                                "-H",
                                "Accept: application/openmetrics-text",
                                url.resolve("metrics").toString()),
                        null))
                .endsWith("# EOF\n");
    }

    @Test
    void powerShellGetsObjects() throws Exception {
        String pwsh = RealPart.powerShell();
        Matcher block = WITHOUT_MODULE.matcher(Files.readString(Path.of("README.md")));
        assertThat(block.find()).isTrue();
        Path script = Files.writeString(
                folder.resolve("block.ps1"),
                block.group(1)
                        .replace("http://127.0.0.1:8778/", url.toString())
                        .replace(
                                "target/csv-state/operator.token", agent.token().toString())
                        .replace("Volume1", "Volume3"));

        String said = run(
                List.of(
                        pwsh,
                        "-NoProfile",
                        "-File",
                        "src/test/clients/InvokeRestMethod.ps1",
                        "-Url",
                        url.toString(),
                        "-TokenPath",
                        agent.token().toString(),
                        "-Block",
                        script.toString()),
                null);

        assertThat(said)
                .containsPattern("volume +backupState +stale +verdict")
                .containsPattern("C:\\\\ClusterStorage\\\\Volume2 +NONE +False +IDLE")
                .containsPattern("verdict : ACTIVE\\R")
                .containsPattern("outcome : REFUSED\\R")
                .containsPattern("at +kind +outcome +volume +principal")
                .containsPattern("refused +REFUSED +C:\\\\ClusterStorage\\\\Volume3 +operator token")
                .contains("a name beyond ASCII arrived: True")
                .contains("clear with a wrong token: 401");
    }

    /** Jolokia's discovery would listen to a multicast group; a reverse lookup would ask a name server. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void noUdpSocketIsOpen() throws Exception {
        String curl = curl();
        run(List.of(curl, "-sS", url.resolve("jolokia/version").toString()), null);
        Path process = Path.of("/proc", Long.toString(agent.pid()));
        List<String> sockets = new ArrayList<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                try {
                    sockets.add(Files.readSymbolicLink(descriptor).toString());
                } catch (NoSuchFileException e) {
                    sockets.add("closed while they were listed, as a file that was just written");
                }
            }
        }

        assertThat(sockets).as("the server's own sockets").anyMatch(name -> name.startsWith("socket:["));
        for (String table : List.of("net/udp", "net/udp6")) {
            for (String line : Files.readAllLines(process.resolve(table))) {
                assertThat(sockets).doesNotContain("socket:[" + line.strip().split(" +", -1)[9] + "]");
            }
        }
    }

    @Test
    void aPlainJmxClientReadsInvokesAndListens() throws Exception {
        String said = run(List.of(java(), "src/test/clients/JmxClient.java", Integer.toString(jmxPort)), null);

        assertThat(said)
                .contains("attribute Backend (WINDOWS, or SIMULATED: nothing real is behind it) = SIMULATED")
                .contains("attribute Volumes")
                .contains("operation forceClear impact 1 parameters [path, volume, reason]")
                .contains("operation assess impact 0 parameters [path]")
                .contains("notification csvbackup.state.set")
                .contains("notification csvbackup.clear.refused")
                .contains("notification csvbackup.clear.cleared")
                .contains("notification csvbackup.state.ended")
                .contains("error java.lang.IllegalArgumentException: The path is relative;");
        assertThat(Files.readAllLines(agent.state().resolve("audit.jsonl")))
                .as("who cleared over JMX")
                .anyMatch(line -> line.contains("\"jmx\"")
                        && line.contains("not authenticated; the JVM's account is ")
                        && line.contains("127.0.0.1"));
    }
}
