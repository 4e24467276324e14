package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.Documents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What JDKs print about an agent that is attached and calls native code, and the flags of the documents against it. */
@Tag("jdk-independent")
class JdkWarningsIT {
    private static final String LOADED = "WARNING: A Java agent has been loaded dynamically (";
    private static final String RESTRICTED = "WARNING: A restricted method in java.lang.System has been called";

    @TempDir
    Path scratch;

    static Stream<Path> jdks() throws IOException {
        return Jdks.all().stream();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void newerJdksWarn(Path jdk) throws Exception {
        List<String> warnings = warningsOfAnAttach(jdk, List.of());
        assertThat(warnings.stream().filter(line -> line.startsWith(LOADED))).hasSize(Jdks.version(jdk) >= 21 ? 1 : 0);
        assertThat(warnings.stream().filter(line -> line.equals(RESTRICTED))).hasSize(Jdks.version(jdk) >= 24 ? 1 : 0);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void theFlagsOfTheDocumentsSilenceThem(Path jdk) throws Exception {
        String command = Documents.commands("the flags of newer JDKs", JdkWarningsIT.class)
                .strip();
        assertThat(command).startsWith("java ").endsWith(" -jar host.jar");
        List<String> flags = List.of(
                command.replaceFirst("^java ", "").replaceFirst(" -jar .*", "").split(" ", -1));

        assertThat(warningsOfAnAttach(jdk, flags)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void aJvmThatRefusesAttachesIsOneSentence(Path jdk) throws Exception {
        List<String> flags = List.of("-XX:-EnableDynamicAgentLoading");
        try (Host host = Host.start(jdk, scratch, flags, List.of())) {
            assertThat(PackagedCommandLine.run(
                            jdk, List.of(), List.of("attach", Long.toString(host.pid()), "backend=simulated")))
                    .startsWith("csv-backup-agent: The JVM " + host.pid() + " did not load the agent: ")
                    .contains("EnableDynamicAgentLoading")
                    .doesNotContain("..")
                    .endsWith(".\nexit code 1")
                    .hasLineCount(2);
            assertThat(host.end()).isZero();
        }
    }

    private List<String> warningsOfAnAttach(Path jdk, List<String> flags) throws Exception {
        Path unpacked = Files.createDirectories(scratch.resolve("native"));
        try (Host host = Host.start(jdk, scratch, flags, List.of())) {
            String options = "backend=simulated,port=0,state-dir=" + scratch.resolve("state");
            assertThat(PackagedCommandLine.run(jdk, List.of(), List.of("attach", Long.toString(host.pid()), options)))
                    .endsWith("exit code 0");
            assertThat(host.ask("jna " + unpacked)).containsExactly("8");
            assertThat(host.end()).isZero();
            return host.warnings();
        }
    }
}
