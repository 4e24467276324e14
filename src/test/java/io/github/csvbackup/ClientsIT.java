package io.github.csvbackup;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.agent.PackagedAgent;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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

/** The packaged agent on a simulated cluster, with third-party clients. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ClientsIT {
    private static final String STATE = "io.github.csvbackup:type=CsvBackupState";
    private static final String CLUSTER = "io.github.csvbackup:type=SimulatedCluster";
    private static final String VOLUME = "C:\\ClusterStorage\\Volume1";

    @TempDir
    static Path folder;

    private static PackagedAgent agent;
    private static URI url;
    private static int jmxPort;

    @BeforeAll
    static void start() throws Exception {
        jmxPort = FreePort.next();
        agent = PackagedAgent.start(
                folder.resolve("agent"),
                List.of(
                        "-Dcom.sun.management.jmxremote.port=" + jmxPort,
                        "-Dcom.sun.management.jmxremote.host=127.0.0.1",
                        "-Djava.rmi.server.hostname=127.0.0.1",
                        "-Dcom.sun.management.jmxremote.authenticate=false",
                        "-Dcom.sun.management.jmxremote.ssl=false"),
                List.of("--poll-interval=100ms", "--stale-after=2s", "--quiet-time=1s", "--allow-force=true"));
        agent.awaitPoll();
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
        Path script = Files.writeString(
                folder.resolve("block.ps1"),
                Documents.commands("without the module", ClientsIT.class)
                        .replace("http://127.0.0.1:8778/", url.toString())
                        .replace("csv-state/operator.token", agent.token().toString())
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

    /** The library that hawtio's pages use; the program sends their requests. */
    @Test
    void hawtioReadsListsPollsAndExecutes() throws Exception {
        String node = RealPart.program("Node 18 or newer", "node", "node.exe");
        Path here = Path.of("src", "test", "clients", "hawtio");
        if (!Files.isDirectory(here.resolve("node_modules"))) {
            throw RealPart.missing("hawtio's library is missing: run npm ci in " + here);
        }

        String said = run(
                List.of(
                        node,
                        here.resolve("hawtio.mjs").toString(),
                        url.resolve("jolokia").toString(),
                        Files.readString(agent.token()).strip()),
                null);

        assertThat(said)
                .contains("version: 7.2")
                .contains("a list that is not there: 404")
                .contains("an operation of an MBean that is not there: 404")
                .contains("domains: [\"io.github.csvbackup\"]")
                .contains("an attribute: int")
                .contains("an operation: [\"path\"]")
                .contains("part of a list: [\"args\",\"ret\",\"desc\"]")
                .contains("search: [\"io.github.csvbackup:type=CsvBackupState\"]")
                .contains("search without a match: []")
                .contains("all attributes: true")
                .containsPattern("two attributes: \\{\"Backend\":\"SIMULATED\",\"InProgressCount\":\\d\\}")
                .contains("one attribute: SIMULATED")
                .contains("a path: C:\\ClusterStorage\\Volume2")
                .contains("an error that is ignored: [\"Backend\",\"Nothing\"]")
                .contains("an attribute that is not there: javax.management.AttributeNotFoundException")
                .contains("an MBean that is not there: javax.management.InstanceNotFoundException")
                .contains("bulk: [200,404,200]")
                .contains("too many parts: [60,400]")
                .contains("a registered request: SIMULATED")
                .contains("a list that did not change: 304")
                .contains("assess: IDLE")
                .contains("assess by its bare name: C:\\ClusterStorage\\Volume2")
                .contains("assess without an argument: java.lang.IllegalArgumentException")
                .contains("an operation that needs an operator: HTTP 401")
                .contains("clear: NOTHING_TO_CLEAR")
                .contains("the audit: operator token")
                .contains("half a line of the audit: The argument \"count\" must be an integer")
                .contains("an attribute to write: java.lang.Exception : The attribute Backend cannot be changed.")
                .contains("a clear by GET: [403,\"java.lang.Exception : Use POST to execute an operation, not GET.\"]");
    }

    /** A client newer than the agent's Jolokia, in a JVM of its own. */
    @Test
    void theNewestClientForJavaGetsWhatItAsksFor() throws Exception {
        Path jars = Path.of(System.getProperty("csvbackup.jolokia.client", "target/jolokia-client"));

        String said = run(
                List.of(
                        java(),
                        "-cp",
                        jars.resolve("*").toString(),
                        "src/test/clients/JolokiaClient.java",
                        url.resolve("jolokia").toString(),
                        agent.token().toString()),
                null);

        for (String method : List.of("GET ", "POST ")) {
            assertThat(said)
                    .contains(method + "version: 7.2")
                    .contains(method + "attribute: SIMULATED")
                    .contains(method + "path: C:\\ClusterStorage\\Volume2")
                    .contains(method + "attributes: [Backend, StaleCount] SIMULATED")
                    .contains(method + "pattern: [io.github.csvbackup:type=CsvBackupState]")
                    .contains(method + "parameters: 1")
                    .contains(method + "search: [\"io.github.csvbackup:type=CsvBackupState\"]")
                    .contains(method + "list: javax.management.openmbean.CompositeData")
                    .contains(method + "no MBean: 404 ")
                    .contains(method + "no attribute: 404 ");
        }
        assertThat(said)
                .contains("GET clear: 403 Error: java.lang.Exception : Use POST to execute an operation, not GET.")
                .contains("POST clear: NOTHING_TO_CLEAR")
                .contains("no operator: 401 Unauthorized")
                .contains(
                        "target: 400 Error: The request has a target, but this agent is not a proxy; nothing was executed.")
                .contains("bulk: 2")
                .contains("bulk with an error: 1 answers, 1 errors: 404")
                .contains("too large a bulk: 0 answers, 60 errors: 400");
    }

    private record Recorded(String target, String body, int status, String part) {
        static Recorded get(String target, int status, String part) {
            return new Recorded(target, null, status, part);
        }

        static Recorded post(String body, int status, String part) {
            return new Recorded("", body.replace('\'', '"'), status, part);
        }
    }

    /** The request forms of jmx4perl and check_jmx4perl, and the different ones of the Python client. */
    @Test
    void requestsThatWereRecordedGetTheirAnswers() throws Exception {
        String state = "io.github.csvbackup%3Atype%3DCsvBackupState";
        String named = "'mbean':'" + STATE + "'";
        String clear = "'operation':'clear','arguments':['C:\\\\ClusterStorage\\\\Volume2']";
        for (Recorded request : List.of(
                Recorded.get("version/", 200, "\"protocol\":\"7.2\""),
                Recorded.get("read/" + state + "/Backend", 200, "\"value\":\"SIMULATED\""),
                Recorded.get("read/" + state + "/Volumes/1/volume", 200, "ClusterStorage\\\\Volume2"),
                Recorded.get("read/" + state + "/", 200, "\"Backend\":\"SIMULATED\""),
                Recorded.get("?p=read/" + state + "/Backend", 200, "\"value\":\"SIMULATED\""),
                Recorded.get("?p=read/" + state + "/VolumeNames&maxCollectionSize=1", 200, "\"value\":[\"C:"),
                Recorded.get("read/" + state + "/VolumeNames?maxDepth=3&maxCollectionSize=1", 200, "\"value\":[\"C:"),
                Recorded.get("read/java.lang%3Atype%3DMemory/HeapMemoryUsage/used", 404, " not found. Search for "),
                Recorded.get("?p=read/java.lang%3Atype%3DMemory/HeapMemoryUsage", 404, " not found. Search for "),
                Recorded.get("read/jboss.system%3Atype%3DServer/VersionName", 404, " not found. Search for "),
                Recorded.get("search/*%3Aj2eeType%3DJ2EEServer%2C*", 200, "\"value\":[]"),
                Recorded.get("search/io.github.csvbackup%3A*", 200, "io.github.csvbackup:type=CsvBackupState"),
                Recorded.get("list/", 200, "\"io.github.csvbackup\":{"),
                Recorded.get("list/io.github.csvbackup/type%3DCsvBackupState/op/assess", 200, "\"args\":"),
                Recorded.get("list/?maxDepth=2", 200, "\"type=CsvBackupState\":\"1\""),
                Recorded.get("exec/" + state + "/clear/Volume2", 403, "Use POST to execute an operation, not GET."),
                Recorded.get("?p=exec/" + state + "/clear/C%3A%5CClusterStorage%5CVolume2", 403, "Use POST to execute"),
                Recorded.post("{'type':'READ'," + named + ",'attribute':'Backend'}", 200, "SIMULATED"),
                Recorded.post("{'type':'READ'," + named + ",'attribute':['Backend','Node']}", 200, "SIMULATED"),
                Recorded.post(
                        "{'type':'READ'," + named + ",'attribute':'Volumes','path':'1/volume','config':{'maxDepth':5}}",
                        200,
                        "Volume2"),
                Recorded.post(
                        "{'type':'READ','mbean':'java.lang:type=Memory','attribute':'Verbose'}", 404, "not found"),
                Recorded.get("read/" + state + "/Summary", 200, "\"C:\\\\ClusterStorage\\\\Volume2 IDLE "),
                Recorded.post(
                        "{'type':'EXEC'," + named + "," + clear.replace("clear", "explain") + "}",
                        200,
                        "\"C:\\\\ClusterStorage\\\\Volume2: IDLE\\nBackup state: NONE\\nNext step: "),
                Recorded.post("{'type':'LIST'}", 200, "io.github.csvbackup"),
                Recorded.post("{'type':'VERSION'}", 200, "protocol"),
                Recorded.post("{'type':'SEARCH','mbean':'java.lang:*'}", 200, "\"value\":[]"),
                Recorded.post("{'type':'EXEC'," + named + "," + clear + "}", 200, "NOTHING_TO_CLEAR"),
                Recorded.post(
                        "{'type':'EXEC'," + named + "," + clear
                                + ",'target':{'url':'service:jmx:rmi:///jndi/rmi://b:1/jmxrmi',"
                                + "'env':{'user':'x','password':'y'}}}",
                        400,
                        "has a target"),
                Recorded.post("{'type':'read'," + named + ",'attribute':'Backend','path':null}", 200, "SIMULATED"),
                Recorded.post("{'type':'list','path':null}", 200, "io.github.csvbackup"))) {
            List<String> command = new ArrayList<>(List.of(curl(), "-sS", "-u"));
            command.add("operator:" + Files.readString(agent.token()).strip());
            if (request.body() != null) {
                command.addAll(List.of("-H", "Content-Type:", "-d", request.body()));
            }
            command.add(url.resolve("jolokia/") + request.target());

            assertThat(run(command, null).replace("\\/", "/"))
                    .as("%s", request)
                    .contains("\"status\":" + request.status())
                    .contains(request.part());
        }
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
                .contains("attribute Backend (WINDOWS, or SIMULATED for a simulated cluster.) = SIMULATED")
                .contains("attribute Volumes")
                .contains("operation forceClear impact 1 parameters [path, volume, reason]")
                .contains("operation assess impact 0 parameters [path]")
                .contains("operation explain impact 0 parameters [path]")
                .containsPattern(
                        "explain C:\\\\ClusterStorage\\\\Volume3: (ACTIVE|UNPROVEN)\nBackup state: IN_PROGRESS, set since ")
                .containsPattern("\n(UNKNOWN|BACKUP) \\(\\d+ checks?\\):\n  ")
                .contains("summary Volume                    Verdict ")
                .containsPattern("summary C:\\\\ClusterStorage\\\\Volume3 (ACTIVE|UNPROVEN) +IN_PROGRESS ")
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
