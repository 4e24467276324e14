package io.github.csvbackup.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class DemoCommandTest {
    private final TestedCli cli = new TestedCli();

    @Test
    void announcesItselfPlaysTheStoryAndLeavesNoFolder() {
        assertThat(cli.execute("demo", "--exit", "--pace=0s")).isZero();

        assertThat(cli.out())
                .startsWith("csv-backup-agent ")
                .contains("== 11. ")
                .endsWith("Every step went as expected.\n");
        Matcher token = Pattern.compile("cat '([^']+)'").matcher(cli.out());
        assertThat(token.find()).isTrue();
        assertThat(Path.of(token.group(1)).getParent().getParent()).doesNotExist();
        assertThat(cli.err()).isEmpty();
    }

    @Test
    void saysThatThePortIsInUseAndLeavesNoFolder() throws Exception {
        long before = folders();
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(cli.execute("demo", "--exit", "--pace=0s", "--port=" + busy.getLocalPort()))
                    .isEqualTo(1);
        }
        assertThat(cli.err()).hasLineCount(1).contains("is in use by another program");
        assertThat(cli.out()).isEmpty();
        assertThat(folders()).isEqualTo(before);
    }

    private static long folders() throws IOException {
        try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith("csv-backup-demo-"))
                    .count();
        }
    }
}
