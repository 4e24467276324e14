package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.RealPart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Jars of two versions in one host, one after the other. The host keeps the entry classes of the first. */
@Tag("jdk-independent")
class NewerJarIT {
    private static final String OLD = "0.0.1";
    private static final String NEW = "99.1.2";

    @TempDir
    Path scratch;

    private Path older;
    private Path newer;

    static Stream<Path> jdks() throws IOException {
        return Jdks.all().stream();
    }

    @BeforeEach
    void twoVersions() throws IOException {
        older = OtherVersion.write(scratch.resolve("older.jar"), OLD);
        newer = OtherVersion.write(
                Files.createDirectory(scratch.resolve("newer \u00fc%20")).resolve("csv-backup-agent.jar"), NEW);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void theNewerOneRunsAfterTheOlderOneWasDetached(Path jdk) throws Exception {
        try (Host host = Host.start(jdk, scratch, List.of(), List.of())) {
            assertThat(attach(jdk, older, host)).contains("started: csv-backup-agent 0.0.1 listening on ");
            assertThat(detach(jdk, older, host)).contains("was stopped", "exit code 0");
            assertThat(attach(jdk, newer, host)).contains("started: csv-backup-agent 99.1.2 listening on ");
            assertThat(host.ask("attribute Version")).containsExactly(NEW);
            assertThat(detach(jdk, newer, host)).contains("was stopped", "exit code 0");
            assertThat(attach(jdk, older, host)).contains("started: csv-backup-agent 0.0.1 listening on ");
            assertThat(host.end()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void theNewerOneRunsAfterThatOfTheCommandLine(Path jdk) throws Exception {
        try (Host host = Host.start(jdk, scratch, List.of(Host.agent(older, simulated())), List.of())) {
            host.ask("await-start");
            assertThat(host.ask("attribute Version")).containsExactly(OLD);
            assertThat(detach(jdk, newer, host)).contains("was stopped", "exit code 0");
            assertThat(attach(jdk, newer, host)).contains("started: csv-backup-agent 99.1.2 listening on ");
            assertThat(host.ask("attribute Version")).containsExactly(NEW);
            assertThat(host.end()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    @EnabledOnOs(value = OS.LINUX, disabledReason = "Windows does not delete or replace the jar of a running JVM.")
    void theFileOfTheOlderOneMayBeGoneOrReplaced(Path jdk) throws Exception {
        try (Host host = Host.start(jdk, scratch, List.of(), List.of())) {
            attach(jdk, older, host);
            detach(jdk, older, host);
            Files.delete(older);
            assertThat(attach(jdk, newer, host)).contains("started: csv-backup-agent 99.1.2 listening on ");
            detach(jdk, newer, host);

            Files.move(OtherVersion.write(scratch.resolve("new.jar"), "99.1.3"), older);
            assertThat(attach(jdk, older, host)).contains("started: csv-backup-agent 99.1.3 listening on ");
            detach(jdk, older, host);
            Files.move(
                    OtherVersion.write(scratch.resolve("new.jar"), "99.1.4"),
                    older,
                    StandardCopyOption.REPLACE_EXISTING);
            assertThat(attach(jdk, older, host)).contains("started: csv-backup-agent 99.1.4 listening on ");
            detach(jdk, older, host);
            Files.write(older, Files.readAllBytes(OtherVersion.write(scratch.resolve("new.jar"), "99.1.5")));
            assertThat(attach(jdk, older, host)).contains("started: csv-backup-agent 99.1.5 listening on ");
            assertThat(host.end()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void anAttachWhileTheOtherRunsNamesWhatRuns(Path jdk) throws Exception {
        try (Host host = Host.start(jdk, scratch, List.of(), List.of())) {
            attach(jdk, older, host);
            assertThat(attach(jdk, newer, host))
                    .contains("JVM " + host.pid() + ": csv-backup-agent 0.0.1 is already running in this JVM;"
                            + " to start version 99.1.2, detach it first\nexit code 1");
            assertThat(attach(jdk, older, host))
                    .contains("csv-backup-agent 0.0.1 is already running in this JVM; nothing changed\nexit code 0");
            assertThat(host.ask("attribute Version")).containsExactly(OLD);
            assertThat(host.end()).isZero();
        }
    }

    /** What a version with another format does: it renames that entry. The host asks itself, since such a copy has no command line. */
    @ParameterizedTest
    @MethodSource("jdks")
    void aJarThatDoesNotFitOrIsNotThereIsOneSentenceAndTheOlderOneStartsAgain(Path jdk) throws Exception {
        Path other = OtherVersion.write(scratch.resolve("other.jar"), NEW, "isolated/classes");
        try (Host host = Host.start(jdk, scratch, List.of(), List.of())) {
            attach(jdk, older, host);
            detach(jdk, older, host);
            assertThat(request(host, other))
                    .isEqualTo("failed the agent was not started: the agent's jar " + other
                            + " has no isolated/classes: it is not complete, or of a version that does not fit the classes"
                            + " which this JVM loaded of another version; start this JVM again");
            assertThat(open(host, other)).isZero();
            Path absent = scratch.resolve("absent.jar");
            assertThat(request(host, absent))
                    .startsWith("failed the agent was not started: cannot open the agent's jar (")
                    .contains(absent.toString())
                    .endsWith("; the account of this JVM, " + System.getProperty("user.name")
                            + ", must be able to read that file");
            assertThat(attach(jdk, older, host)).contains("started: csv-backup-agent 0.0.1 listening on ");
            assertThat(host.end()).isZero();
        }
    }

    private String request(Host host, Path jar) throws Exception {
        Path answer = Files.createTempFile(scratch, "answer", ".txt");
        host.ask("request @answer=" + answer.toUri() + " @jar=" + jar.toUri() + " " + simulated());
        return Files.readString(answer);
    }

    /** The class path of a JVM is read in order, so the second jar shows what the agent itself keeps open: nothing. */
    @ParameterizedTest
    @MethodSource("jdks")
    @EnabledOnOs(OS.LINUX)
    void onlyTheJvmItselfKeepsTheFirstJarOpen(Path jdk) throws Exception {
        try (Host host = Host.start(jdk, scratch, List.of(), List.of())) {
            attach(jdk, older, host);
            detach(jdk, older, host);
            assertThat(open(host, older)).as("its class path").isEqualTo(1);
            attach(jdk, newer, host);
            assertThat(open(host, newer)).isPositive();
            detach(jdk, newer, host);
            assertThat(open(host, newer)).isZero();
            assertThat(host.end()).isZero();
        }
    }

    /** In a mount namespace of the host, an empty folder lies over that of the jar. */
    @ParameterizedTest
    @MethodSource("jdks")
    @EnabledOnOs(OS.LINUX)
    void aJarThatTheHostCannotReadIsOneSentence(Path jdk) throws Exception {
        Path hidden = newer.getParent();
        List<String> apart = List.of(
                RealPart.program("Debian's package util-linux", "unshare"),
                "-rm",
                "sh",
                "-c",
                "mount -t tmpfs none \"$0\" && exec \"$@\"",
                hidden.toString());
        try (Host host = Host.startBy(apart, jdk, scratch, List.of(), List.of())) {
            host.ask("pid");
            assertThat(attach(jdk, newer, host))
                    .startsWith("csv-backup-agent: The JVM " + host.pid() + " cannot read " + newer
                            + ": allow the account of that JVM (" + System.getProperty("user.name") + ") to read")
                    .endsWith("\nexit code 1")
                    .hasLineCount(2);
            assertThat(host.end()).isZero();
            assertThat(host.errors()).as("a line of the JVM").hasSize(1);
        }
    }

    private static long open(Host host, Path jar) throws IOException {
        long count = 0;
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + host.pid() + "/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                if (Files.isSymbolicLink(descriptor)
                        && Files.readSymbolicLink(descriptor).equals(jar)) {
                    count++;
                }
            }
        }
        return count;
    }

    private String simulated() {
        return "backend=simulated,port=0,state-dir=" + scratch.resolve("state");
    }

    private String attach(Path jdk, Path jar, Host host) throws Exception {
        return PackagedCommandLine.run(jdk, jar, List.of(), List.of("attach", Long.toString(host.pid()), simulated()));
    }

    private static String detach(Path jdk, Path jar, Host host) throws Exception {
        return PackagedCommandLine.run(jdk, jar, List.of(), List.of("detach", Long.toString(host.pid())));
    }
}
