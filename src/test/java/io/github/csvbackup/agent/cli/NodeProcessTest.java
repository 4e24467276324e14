package io.github.csvbackup.agent.cli;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.agent.options.StartException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "The Java of the stub is a shell script.")
class NodeProcessTest {
    @TempDir
    private Path folder;

    /** The classes of a test are in no jar. */
    @Test
    void aProcessThatDoesNotStartSaysWhy() {
        assertThatThrownBy(() -> NodeProcess.start(new WindowsServiceSystem(), folder, List.of()))
                .isInstanceOf(StartException.class)
                .hasMessageStartingWith("An agent of the demo did not start: ")
                .hasMessageContaining("jarfile");
    }

    @Test
    void whatIsNoAnnouncementIsShown() throws Exception {
        ServiceSystem otherProgram = new StubServiceSystem(folder);
        Path bin = otherProgram.javaHome().resolve("bin");
        Files.move(bin.resolve("java.exe"), bin.resolve("java"));

        assertThatThrownBy(() -> NodeProcess.start(otherProgram, folder, List.of()))
                .isInstanceOf(StartException.class)
                .hasMessage("An agent of the demo has no address for this machine: Property settings:");
    }

    @Test
    void aJavaThatIsNotThereIsNamed() throws Exception {
        ServiceSystem withoutJava = new StubServiceSystem(folder);
        Path java = withoutJava.javaHome().resolve("bin").resolve("java");

        assertThatThrownBy(() -> NodeProcess.start(withoutJava, folder, List.of()))
                .isInstanceOf(StartException.class)
                .hasMessageStartingWith("Cannot start an agent with " + java);
    }
}
