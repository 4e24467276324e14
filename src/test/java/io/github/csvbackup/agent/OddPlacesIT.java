package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged agent in unusual folders, locales and JVMs. */
@Tag("jdk-independent")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class OddPlacesIT {
    private static final Path JDK = Path.of(System.getProperty("java.home"));
    private static final Pattern OTHER_DIGITS = Pattern.compile("[\\p{Nd}&&[^0-9]]");
    private static final List<String> EGYPT = List.of("-Duser.language=ar", "-Duser.country=EG");
    private static final List<String> TURKEY = List.of("-Duser.language=tr", "-Duser.country=TR");

    @TempDir
    Path scratch;

    private List<String> simulated() {
        return List.of("backend=simulated", "port=0", "state-dir=" + scratch.resolve("state"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ends!", "in!/side", "100% +#1;&", "%21", "\u00fcber\u00e4ll"})
    void theJarLiesInAnyFolder(String name) throws Exception {
        String encoding = System.getProperty("sun.jnu.encoding");
        assumeTrue(Charset.forName(encoding).newEncoder().canEncode(name), "this machine's file names are " + encoding);
        Path folder = Files.createDirectories(scratch.resolve(name));
        Path jar = Files.copy(PackagedJar.path(), folder.resolve("csv-backup-agent.jar"));

        assertThat(PackagedCommandLine.run(JDK, jar, List.of(), List.of("demo", "--exit", "--pace=0s", "--port=0")))
                .contains("csv-backup-agent 0.", "Every step went as expected.")
                .doesNotContain("SLF4J")
                .endsWith("Every step went as expected.\nexit code 0");
        try (Host host = Host.start(JDK, scratch, List.of(Host.agent(jar, String.join(",", simulated()))), List.of())) {
            host.ask("await-start");
            assertThat(host.errors())
                    .anyMatch(line -> line.contains(" listening on http://127.0.0.1:"))
                    .noneMatch(line -> line.contains("Exception") || line.contains("SLF4J"));
            assertThat(host.end()).isZero();
        }
        try (Host host = Host.start(JDK, scratch, List.of(), List.of())) {
            assertThat(PackagedCommandLine.run(
                            JDK,
                            jar,
                            List.of(),
                            List.of("attach", Long.toString(host.pid()), String.join(",", simulated()))))
                    .contains("the agent was started: csv-backup-agent ")
                    .endsWith("exit code 0");
            assertThat(host.end()).isZero();
        }
    }

    @Test
    void digitsAreThoseOfAsciiWhateverTheLocale() throws Exception {
        try (PackagedAgent agent = PackagedAgent.start(scratch, EGYPT, List.of())) {
            for (String path :
                    List.of("", "metrics", "healthz", "jolokia/list", "jolokia/read/*:type=CsvBackupState")) {
                assertThat(get(agent.url().resolve(path))).as(path).doesNotContainPattern(OTHER_DIGITS);
            }
            assertThat(post(
                            agent,
                            "{\"type\":\"exec\",\"mbean\":\"io.github.csvbackup:type=CsvBackupState\","
                                    + "\"operation\":\"clear\",\"arguments\":[\"C:\\\\ClusterStorage\\\\Volume1\"]}"))
                    .contains("\"status\":200")
                    .doesNotContainPattern(OTHER_DIGITS);
            assertThat(agent.errors()).doesNotContainPattern(OTHER_DIGITS);
        }
        assertThat(PackagedCommandLine.run(JDK, EGYPT, List.of("audit", "--state-dir=" + scratch.resolve("state"))))
                .containsPattern("(?m)^1 +2")
                .doesNotContainPattern(OTHER_DIGITS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"LIST", "list", "VERSION"})
    void theTypeOfARequestIsKnownInTurkeyToo(String type) throws Exception {
        try (PackagedAgent agent = PackagedAgent.start(scratch, TURKEY, List.of())) {
            assertThat(post(agent, "{\"type\":\"" + type + "\"}")).contains("\"status\":200");
        }
    }

    private static String post(PackagedAgent agent, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(agent.url().resolve("jolokia/"))
                .header(
                        "Authorization",
                        "Bearer " + Files.readString(agent.token()).strip())
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static String get(URI uri) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Test
    void anAddressOfIpv6WhereTheJvmMayNotUseItIsOneSentence() throws Exception {
        assertThat(PackagedCommandLine.run(
                        JDK,
                        List.of("-Djava.net.preferIPv4Stack=true"),
                        List.of(
                                "--backend=simulated",
                                "--port=0",
                                "--host=::1",
                                "--state-dir=" + scratch.resolve("state"))))
                .isEqualTo("csv-backup-agent: The host ::1 is an IPv6 address, and this JVM uses IPv4 only"
                        + " (java.net.preferIPv4Stack=true). Use 127.0.0.1, or start the JVM without that property.\n"
                        + "exit code 1");
    }

    private Path runtimeImage(String modules) {
        Path image = scratch.resolve("image");
        Optional<ToolProvider> jlink = ToolProvider.findFirst("jlink");
        assumeTrue(jlink.isPresent() && Files.isDirectory(JDK.resolve("jmods")), "this JDK makes no runtime images");
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said);
        int code = jlink.get().run(out, out, "--add-modules", modules, "--output", image.toString());
        assertThat(code).as("%s", said).isZero();
        return image;
    }

    @ParameterizedTest
    @ValueSource(strings = {"java.base", "java.base,java.instrument,java.management,java.logging"})
    void aRuntimeImageThatLacksAModuleIsToldWhatItCanDo(String modules) throws Exception {
        Path image = runtimeImage(modules);

        assertThat(PackagedCommandLine.run(
                        image,
                        List.of(),
                        List.of("--backend=simulated", "--port=0", "--state-dir=" + scratch.resolve("state"))))
                .startsWith("csv-backup-agent: this JVM lacks a module that the agent needs (no ")
                .contains("make a new one with jlink --add-modules ")
                .endsWith("or use a whole JDK or JRE\nexit code 1")
                .hasLineCount(2);
    }

    @Test
    void theAdviceIsEnough() throws Exception {
        String said = PackagedCommandLine.run(
                runtimeImage("java.base"),
                List.of(),
                List.of("--backend=simulated", "--port=0", "--state-dir=" + scratch.resolve("state")));
        Files.move(scratch.resolve("image"), scratch.resolve("too-small"));
        String modules = said.replaceFirst("(?s).*jlink --add-modules ([\\w.,]+), or.*", "$1");

        assertThat(PackagedCommandLine.run(
                        runtimeImage(modules), List.of(), List.of("demo", "--exit", "--pace=0s", "--port=0")))
                .endsWith("Every step went as expected.\nexit code 0");
    }

    /** Later versions of Java have no security managers. */
    @Test
    @EnabledForJreRange(max = JRE.JAVA_23)
    void aSecurityManagerThatDeniesEverythingIsOneLineAndTheHostRunsOn() throws Exception {
        String denied = "the security manager of this JVM denies what the agent needs (access denied (";
        List<String> options = List.of("-Djava.security.manager", Host.agent(String.join(",", simulated())));
        try (Host host = Host.start(JDK, scratch, options, List.of(), "end")) {
            assertThat(host.end()).isZero();
            assertThat(host.errors())
                    .singleElement()
                    .asString()
                    .startsWith("csv-backup-agent: the agent was not started: " + denied)
                    .contains("grant java.security.AllPermission");
        }
        assertThat(PackagedCommandLine.run(JDK, List.of("-Djava.security.manager"), List.of("--version"))
                        .lines()
                        .filter(line -> !line.startsWith("WARNING: ")))
                .hasSize(2)
                .first()
                .asString()
                .startsWith("csv-backup-agent: " + denied);
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_23)
    void anAttachToAHostWithASecurityManagerPrintsNoTraceThere() throws Exception {
        try (Host host = Host.start(JDK, scratch, List.of("-Djava.security.manager"), List.of())) {
            assertThat(PackagedCommandLine.run(
                            JDK,
                            List.of(),
                            List.of("attach", Long.toString(host.pid()), String.join(",", simulated()))))
                    .contains("accepted the request but did not answer; see its stderr")
                    .endsWith("exit code 1");
            assertThat(host.errors())
                    .isNotEmpty()
                    .allMatch(line -> line.startsWith("csv-backup-agent: "))
                    .anyMatch(line -> line.contains("the security manager of this JVM denies"));
            assertThat(host.end()).isZero();
        }
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_23)
    void theFirstJmxClientNeedsNoPermissionsOfTheAgent() throws Exception {
        Path policy = Files.writeString(
                scratch.resolve("policy"), """
                grant codeBase "%s" { permission java.security.AllPermission; };
                grant codeBase "%s-" { permission java.security.AllPermission; };
                grant codeBase "file:/client" {
                    permission javax.management.MBeanPermission "*", "*";
                    permission javax.management.MBeanServerPermission "*";
                };
                """.formatted(PackagedJar.path().toUri(), scratch.toUri()));
        List<String> options = List.of(
                "-Djava.security.manager",
                "-Djava.security.policy==" + policy,
                Host.agent(String.join(",", simulated())));
        try (Host host = Host.start(JDK, scratch, options, List.of())) {
            host.ask("await-start");

            assertThat(host.ask("mbeans-as file:/client"))
                    .containsExactlyInAnyOrder("CsvBackupState", "SimulatedCluster");
            assertThat(host.end()).isZero();
        }
    }
}
