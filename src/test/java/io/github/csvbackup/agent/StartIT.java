package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the agent's start costs its host, counted in classes. The benchmark says what that means in CPU. */
@Tag("jdk-independent")
class StartIT {
    /** From the agent's jar: 445. A poll and the MBeans are part of the start, a first scrape and a first Jolokia request are not. */
    private static final int MOST_FROM_THE_JAR = 465;
    /** From the modules of the JDK, because its archive of shared classes (CDS) does not have them: 707 on JDK 17, 676 on JDK 25. */
    private static final int MOST_FROM_THE_JDK = 740;
    /** Created by the JVM, for lambdas of the JDK and for reflection: 109 on JDK 17, 108 on JDK 25. */
    private static final int MOST_CREATED = 120;

    @TempDir
    Path scratch;

    static Stream<Path> jdks() throws IOException {
        return Jdks.all().stream();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void loadsFewClassesAndCreatesNoneForItsOwnLambdas(Path jdk) throws Exception {
        Path log = scratch.resolve("classes.log");
        List<String> options = List.of(
                "-Xlog:class+load=info:file=" + log,
                Host.agent("backend=simulated,port=0,state-dir=" + scratch.resolve("state")));
        try (Host host = Host.start(jdk, scratch, options, List.of())) {
            host.ask("await-start");
            assertThat(host.end()).isZero();
        }
        List<String> loaded;
        try (Stream<String> lines = Files.lines(log)) {
            loaded = lines.filter(line -> line.contains(" source: ")).toList();
        }
        List<String> created =
                loaded.stream().filter(line -> line.contains("/0x")).toList();
        assertThat(created).noneMatch(line -> line.contains("io.github.csvbackup"));
        assertThat(loaded)
                .as("log files and the Windows event log cost nothing unless they are used")
                .noneMatch(line -> line.contains("csvbackup.eventlog")
                        || line.contains("csvbackup.agent.log.LogFile")
                        || line.contains("csvbackup.agent.log.LogWriter")
                        || line.contains("csvbackup.agent.log.EachTime")
                        || line.contains("csvbackup.threads.QueueThread")
                        || line.contains("csvbackup.agent.FailedStart")
                        || line.contains("csvbackup.agent.log.AgentLog")
                        || line.contains("csvbackup.agent.Reporting")
                        || line.contains("options.LogOptions"));
        assertThat(loaded)
                .as("what failed backups left behind costs nothing in the first minute")
                .noneMatch(line -> line.contains("csvbackup.leftover")
                        || line.contains("SimulatedMachines")
                        || line.contains("cluster.VirtualMachine")
                        || line.contains("guard.MachineChecks"));
        assertThat(loaded)
                .as("that other agents can join the simulated cluster costs nothing until they do")
                .noneMatch(line -> line.contains("SimulatedClusterEndpoint")
                        || line.contains("simulated.JoinedCluster")
                        || line.contains("simulated.HolderConnection")
                        || line.contains("simulated.NodeCalls")
                        || line.contains("simulated.RecordJson")
                        || line.contains("options.SimulatedJoin")
                        || line.contains("options.SimulatedOptions"));
        assertThat(loaded)
                .as("the types and descriptions of the MBeans cost nothing until a client needs them")
                .noneMatch(line -> line.contains("openmbean.Described") || line.contains("openmbean.Description"));
        List<String> ofTheJdk =
                loaded.stream().filter(line -> line.contains("source: jrt:/")).toList();
        assertThat(ofTheJdk).as("not in the archive").hasSizeBetween(1, MOST_FROM_THE_JDK);
        assertThat(loaded)
                .as("without an address for other machines there is no TLS and there are no users")
                .noneMatch(line -> line.contains(".ssl.")
                        || line.contains("csvbackup.security.Tls")
                        || line.contains("TlsTransport")
                        || line.contains("csvbackup.security.Passwords")
                        || line.contains("csvbackup.http.RemoteDoor")
                        || line.contains("options.RemoteAccess")
                        || line.contains("options.RemoteOptions"));
        assertThat(created).hasSizeBetween(1, MOST_CREATED);
        assertThat(loaded)
                .filteredOn(line -> line.contains("csv-backup-agent") && !created.contains(line))
                .hasSizeBetween(1, MOST_FROM_THE_JAR);
    }
}
