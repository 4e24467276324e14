package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.cluster.ClusterException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

class StandaloneTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void theDemoAnnouncesItselfTellsTheStoryAndLeavesNoFolder() throws Exception {
        assertThat(standalone().demo(0, Duration.ZERO, true)).isZero();

        String told = out.toString(StandardCharsets.UTF_8);
        assertThat(told).startsWith("csv-backup-agent ").contains("== 11. ").endsWith("Every step went as told.\n");
        Matcher token = Pattern.compile("cat '([^']+)'").matcher(told);
        assertThat(token.find()).isTrue();
        assertThat(Path.of(token.group(1)).getParent().getParent()).doesNotExist();
    }

    @Test
    void aDemoOnABusyPortSaysSoAndLeavesNoFolder() throws Exception {
        long before = demoFolders();
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> standalone().demo(busy.getLocalPort(), Duration.ZERO, true))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("is in use by another program");
        }
        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(demoFolders()).isEqualTo(before);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aProbeElsewhereSaysWhatItNeedsAndFails() throws Exception {
        assertThat(standalone().probe(false)).isEqualTo(1);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("FAILS  system: backend=windows needs a node of a Windows failover cluster, and this is ")
                .contains("       Use backend=simulated here.")
                .endsWith("The agent sees no cluster from here.\n");

        out.reset();
        assertThat(standalone().probe(true)).isEqualTo(1);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .hasLineCount(1)
                .contains("\"name\":\"system\",\"result\":\"FAILS\"");
    }

    private Standalone standalone() {
        Agent.WindowsBackend windows = () -> {
            throw ClusterException.win32("OpenClusterEx", 1753);
        };
        return new Standalone(windows, null, new PrintStream(out, true, StandardCharsets.UTF_8));
    }

    private static long demoFolders() throws IOException {
        try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith("csv-backup-demo-"))
                    .count();
        }
    }
}
