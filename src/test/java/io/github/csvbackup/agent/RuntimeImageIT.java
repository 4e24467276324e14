package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.csvbackup.Documents;
import io.github.csvbackup.FreePort;
import io.github.csvbackup.hostile.TlsDoor;
import io.github.csvbackup.http.Certificate;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Java that jlink makes of the modules in the documents: all of the agent works there, and each module has its use. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class RuntimeImageIT {
    private static final Path JDK = Path.of(System.getProperty("java.home"));
    private static final String MBEAN = "io.github.csvbackup:type=CsvBackupState";

    @TempDir
    static Path folder;

    private static List<String> modules;
    private static Path image;

    @TempDir
    Path scratch;

    @BeforeAll
    static void makeTheImage() throws IOException {
        String command = Documents.commands("a runtime image", RuntimeImageIT.class)
                .lines()
                .findFirst()
                .orElseThrow();
        assertThat(command).startsWith("jlink --add-modules ").endsWith(" --output csv-backup-java");
        assumeTrue(Files.isDirectory(JDK.resolve("jmods")), "this JDK makes no runtime images");
        image = folder.resolve("csv-backup-java");
        String[] words = command.replace("csv-backup-java", image.toString())
                .replaceFirst("jlink ", "")
                .split(" ", -1);
        modules = List.of(words[1].split(",", -1));
        jlink(words);
    }

    private static void jlink(String... arguments) {
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said);
        assertThat(ToolProvider.findFirst("jlink").orElseThrow().run(out, out, arguments))
                .as("%s", said)
                .isZero();
    }

    @Test
    void theMessageAboutAModuleThatIsMissingNamesTheSameModules() throws Exception {
        assertThat(PackagedCommandLine.run(image, List.of("--limit-modules=java.base"), run()))
                .contains("this JVM lacks a module that the agent needs (no ")
                .contains("jlink --add-modules " + String.join(",", modules) + ", or");
    }

    @Test
    void anIncidentFromTheStateToTheClear() throws Exception {
        assertThat(PackagedCommandLine.run(image, List.of(), List.of("demo", "--exit", "--pace=0s", "--port=0")))
                .endsWith("Every step went as expected.\nexit code 0");
    }

    @Test
    void attachMetricsJolokiaClearAndNativeCalls() throws Exception {
        try (Host host = Host.start(image, scratch, List.of(), List.of())) {
            String said = command("attach", host, simulated());
            assertThat(said).endsWith("exit code 0");
            URI url = URI.create(said.replaceFirst("(?s).* listening on (\\S+) .*", "$1"));
            assertThat(get(url.resolve("metrics"))).contains("csv_backup_agent_info{");
            assertThat(get(url.resolve("jolokia/read/" + MBEAN + "/Version"))).contains("\"status\":200");
            assertThat(clear(url)).contains("\"outcome\":\"NOTHING_TO_CLEAR\"");
            assertThat(host.ask("jna " + Files.createDirectory(scratch.resolve("native"))))
                    .containsExactly("8");
            assertThat(command("detach", host)).contains("nothing of it remains", "exit code 0");
            assertThat(host.end()).isZero();
        }
    }

    @Test
    void tlsWithEllipticCurves() throws Exception {
        TlsDoor door = TlsDoor.in(scratch);
        List<String> options = List.of(Host.agent(simulated() + "," + options(door)));
        try (Host host = Host.start(image, scratch, options, List.of())) {
            host.ask("await-start");
            URI url = URI.create(host.errors().stream()
                    .filter(line -> line.contains(" listening on "))
                    .map(line -> line.replaceFirst(".* (https://\\S+) .*", "$1"))
                    .findFirst()
                    .orElseThrow());
            HttpClient client = HttpClient.newBuilder()
                    .sslContext(Certificate.trust(door.keystore()))
                    .build();
            assertThat(get(client, url.resolve("healthz"))).isEqualTo("ok\n");
            assertThat(host.end()).isZero();
        }
    }

    @Test
    @SuppressWarnings("BanJNDI") // the address of the test itself
    void remoteJmx() throws Exception {
        int port = FreePort.next();
        try (Host host = Host.start(image, scratch, jmx(port, Host.agent(simulated())), List.of())) {
            host.ask("await-start");
            JMXServiceURL url = new JMXServiceURL("service:jmx:rmi:///jndi/rmi://127.0.0.1:" + port + "/jmxrmi");
            try (JMXConnector connector = JMXConnectorFactory.connect(url)) {
                assertThat(connector.getMBeanServerConnection().getAttribute(new ObjectName(MBEAN), "Backend"))
                        .isEqualTo("SIMULATED");
            }
            assertThat(host.end()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"java.management, java.xml", "java.xml, java.management"})
    void nothingWorksWithout(String module, String rest) throws Exception {
        assertThat(PackagedCommandLine.run(image, List.of("--limit-modules=" + rest), run()))
                .contains("this JVM lacks a module that the agent needs (no ")
                .endsWith("exit code 1");
    }

    @Test
    void withoutJavaLoggingNothingNativeIsCalled() throws Exception {
        List<String> options =
                List.of("--limit-modules=java.instrument,java.management,java.xml", Host.agent(simulated()));
        try (Host host = Host.start(image, scratch, options, List.of())) {
            host.ask("await-start");
            assertThat(host.ask("jna " + Files.createDirectory(scratch.resolve("native"))))
                    .containsExactly("java.lang.NoClassDefFoundError: java/util/logging/Logger");
            assertThat(host.end()).isZero();
        }
    }

    @Test
    void withoutJavaInstrumentNothingCanBeAttached() throws Exception {
        // Not --limit-modules: an attach finds the module in the image all the same.
        Path smaller = scratch.resolve("smaller");
        jlink("--add-modules", "java.logging,java.management,java.xml", "--output", smaller.toString());
        try (Host host = Host.start(smaller, scratch, List.of(), List.of())) {
            assertThat(command("attach", host, simulated()))
                    .startsWith("csv-backup-agent: The JVM " + host.pid() + " did not load the agent: ")
                    .endsWith("exit code 1");
            assertThat(host.end()).isZero();
        }
    }

    @Test
    void withoutJdkAttachNoCommandAttaches() throws Exception {
        assertThat(PackagedCommandLine.run(image, List.of(without("jdk.attach")), List.of("attach", "1")))
                .startsWith("csv-backup-agent: This Java has no module jdk.attach");
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_21)
    void withoutJdkCryptoEcThereIsNoTls() throws Exception {
        List<String> options =
                List.of(without("jdk.crypto.ec"), Host.agent(simulated() + "," + options(TlsDoor.in(scratch))));
        try (Host host = Host.start(image, scratch, options, List.of())) {
            host.ask("await-start");
            assertThat(host.errors()).anyMatch(line -> line.contains("the agent was not started: "));
            assertThat(host.end()).isZero();
        }
    }

    private List<String> createCertificates() {
        return List.of(
                "certificates",
                "create",
                "--cluster=HV1",
                "--nodes=NODE1",
                "--domain=example.com",
                "--out=" + scratch.resolve("hv1"));
    }

    @Test
    void certificates() throws Exception {
        assertThat(PackagedCommandLine.run(image, List.of(), createCertificates()))
                .startsWith("Created the certificate authority of HV1 in ")
                .endsWith("exit code 0");
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_21)
    void withoutJdkCryptoEcThereAreNoCertificates() throws Exception {
        // Not --limit-modules, which does not reach keytool.
        Path smaller = scratch.resolve("smaller");
        jlink("--add-modules", "java.logging,java.management,java.xml", "--output", smaller.toString());
        assertThat(PackagedCommandLine.run(smaller, List.of(), createCertificates()))
                .isEqualTo("csv-backup-agent: This Java cannot create keys with elliptic curves: it lacks the module"
                        + " jdk.crypto.ec. Run this command with the java of a JDK, or add that module with jlink.\n"
                        + "exit code 1");
        assertThat(scratch.resolve("hv1")).doesNotExist();
    }

    @Test
    void withoutKeytoolThereAreNoCertificates() throws Exception {
        Path smaller = scratch.resolve("smaller");
        jlink("--add-modules", String.join(",", modules), "--output", smaller.toString());
        Files.delete(smaller.resolve("bin/keytool"));
        assertThat(PackagedCommandLine.run(smaller, List.of(), createCertificates()))
                .isEqualTo("csv-backup-agent: This Java has no keytool, which creates the certificates: "
                        + smaller.resolve("bin/keytool")
                        + " does not exist. Run this command with the java of a JDK.\nexit code 1");
    }

    @Test
    void withoutJdkManagementAgentThereIsNoRemoteJmx() throws Exception {
        try (Host host =
                Host.start(image, scratch, jmx(FreePort.next(), without("jdk.management.agent")), List.of(), "end")) {
            assertThat(host.end()).isNotZero();
        }
    }

    private static String without(String module) {
        return "--limit-modules="
                + modules.stream().filter(name -> !name.equals(module)).collect(Collectors.joining(","));
    }

    private static List<String> jmx(int port, String more) {
        String prefix = "-Dcom.sun.management.jmxremote.";
        return List.of(
                prefix + "port=" + port,
                prefix + "host=127.0.0.1",
                prefix + "ssl=false",
                prefix + "authenticate=false",
                "-Djava.rmi.server.hostname=127.0.0.1",
                more);
    }

    private List<String> run() {
        return List.of("--backend=simulated", "--port=0", "--state-dir=" + scratch.resolve("state"));
    }

    private String simulated() {
        return "backend=simulated,port=0,state-dir=" + scratch.resolve("state");
    }

    private String command(String name, Host host, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(name, Long.toString(host.pid())));
        arguments.addAll(Arrays.asList(more));
        return PackagedCommandLine.run(image, List.of(), arguments);
    }

    /** The options of an agent with TLS. Its key has an elliptic curve. */
    private static String options(TlsDoor door) {
        return door.options().stream().map(option -> option.substring(2)).collect(Collectors.joining(","));
    }

    private static String get(URI uri) throws Exception {
        return get(HttpClient.newHttpClient(), uri);
    }

    private static String get(HttpClient client, URI uri) throws Exception {
        return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private String clear(URI url) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(url.resolve("jolokia/"))
                .header(
                        "Authorization",
                        "Bearer "
                                + Files.readString(scratch.resolve("state/operator.token"))
                                        .strip())
                .POST(HttpRequest.BodyPublishers.ofString("{\"type\":\"exec\",\"mbean\":\"" + MBEAN
                        + "\",\"operation\":\"clear\",\"arguments\":[\"C:\\\\ClusterStorage\\\\Volume1\"]}"))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
