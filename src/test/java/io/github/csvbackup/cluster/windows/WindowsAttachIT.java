package io.github.csvbackup.cluster.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.agent.PackagedJar;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Attaches and detaches on Windows, where a file cannot be deleted while it is open; and the modules of the documents there. */
@Tag("jdk-independent")
@ExtendWith(WithWineLab.class)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class WindowsAttachIT {
    private static final String MODULES =
            "java.instrument,java.logging,java.management,java.xml,jdk.attach,jdk.crypto.ec,jdk.management.agent";

    @TempDir
    Path folder;

    private final WineLab lab = WithWineLab.lab();

    @Test
    void aJarThatWasDetachedIsNotOpenAnyMore() throws Exception {
        Path copy = lab.onDriveC("attach/100%.jar");
        Files.createDirectories(copy.getParent());
        Files.copy(PackagedJar.path(), copy);
        String jar = "C:\\attach\\100%.jar";
        List<String> modules = List.of("--limit-modules=" + MODULES);
        try (LabAgent host = LabAgent.guest(lab, folder, "attach\\first", "poll-interval=200ms", modules, "")) {
            String pid = host.askHost("pid").get(0);
            assertThat(command(jar, "detach", pid)).contains("nothing of it remains", "exit code 0");

            String options = "backend=windows,port=0,state-dir=C:\\attach\\second";
            assertThat(command(jar, "attach", pid, options))
                    .contains("the agent was started: csv-backup-agent ", "exit code 0");
            assertThat(host.askHost("delete " + jar)).containsExactly("FileSystemException");
            assertThat(host.askHost("attribute Backend")).containsExactly("WINDOWS");
            assertThat(command(jar, "detach", pid)).contains("nothing of it remains", "exit code 0");
            assertThat(host.askHost("delete " + jar)).containsExactly("deleted");
        }
    }

    private String command(String jar, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("--limit-modules=" + MODULES, "-jar", jar));
        command.addAll(List.of(arguments));
        return lab.javaToItsEnd(command);
    }
}
