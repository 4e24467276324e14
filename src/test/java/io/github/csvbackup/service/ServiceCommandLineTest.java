package io.github.csvbackup.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceCommandLineTest {
    private static final Path CRASHES = Path.of("/state/jvm-crash.log");

    private static ServiceCommandLine line(String... options) {
        return new ServiceCommandLine(
                Path.of("/Program Files/java/bin/java.exe"),
                List.of("-Xrs"),
                Path.of("/Program Files/agent.jar"),
                List.of(options));
    }

    @Test
    void theProgramIsQuotedAndTheOptionsCanBeReadBack() throws ServiceException {
        String text = line("--port=1", "--state-dir=C:\\my data\\").text();

        assertThat(text)
                .isEqualTo("\"/Program Files/java/bin/java.exe\" -Xrs -jar \"/Program Files/agent.jar\" service run"
                        + " --port=1 \"--state-dir=C:\\my data\\\\\"");
        assertThat(ServiceCommandLine.isAgent(text)).isTrue();
        assertThat(ServiceCommandLine.optionsIn(text)).containsExactly("--port=1", "--state-dir=C:\\my data\\");
        assertThat(ServiceCommandLine.jarIn(text)).contains(Path.of("/Program Files/agent.jar"));
        assertThat(ServiceCommandLine.javaHomeIn(text)).contains(Path.of("/Program Files/java"));
    }

    @Test
    void aProgramWithoutSpacesIsQuotedToo() throws ServiceException {
        assertThat(new ServiceCommandLine(Path.of("/java.exe"), List.of(), Path.of("/a.jar"), List.of()).text())
                .isEqualTo("\"/java.exe\" -jar /a.jar service run");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "C:\\Windows\\System32\\svchost.exe -k netsvcs",
                "\"C:\\java.exe\" -jar C:\\other.jar run",
                "\"C:\\java.exe\" -jar C:\\other.jar service",
                "\"C:\\java.exe\" service run",
                "-jar C:\\other.jar service run",
                ""
            })
    void anotherProgramIsNotTheAgent(String text) {
        assertThat(ServiceCommandLine.isAgent(text)).isFalse();
        assertThat(ServiceCommandLine.optionsIn(text)).isEmpty();
        assertThat(ServiceCommandLine.jarIn(text)).isEmpty();
        assertThat(ServiceCommandLine.javaHomeIn(text)).isEmpty();
    }

    /** Windows replaces %NAME% there, and there is no way to escape it. */
    @Test
    void refusesWhatWindowsWouldChange() {
        assertThatThrownBy(() -> line("--users=C:\\%TEMP%\\users").text())
                .isInstanceOf(ServiceException.class)
                .hasMessageContaining("percent sign")
                .hasMessageContaining("--config=FILE");
        assertThatThrownBy(() -> line("--users=C:\\a\nb").text())
                .isInstanceOf(ServiceException.class)
                .hasMessage("An argument of the service contains a control character. Remove it: '--users=C:\\a?b'.");
    }

    @Test
    void theJvmHasASmallHeapAndEndsWithoutMemory() {
        assertThat(ServiceCommandLine.javaOptions(List.of(), CRASHES))
                .containsExactly("-Xrs", "-Xmx128m", "-XX:+ExitOnOutOfMemoryError", "-XX:ErrorFile=" + CRASHES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-Xmx1g", "-XX:MaxHeapSize=1g", "-XX:MaxRAMPercentage=5"})
    void aGivenHeapReplacesOurs(String heap) {
        assertThat(ServiceCommandLine.javaOptions(List.of(heap), CRASHES))
                .contains(heap)
                .doesNotContain("-Xmx128m");
    }

    /** The last one of two options wins in the JVM. */
    @Test
    void givenOptionsComeLastAndOnce() {
        assertThat(ServiceCommandLine.javaOptions(
                        List.of("-Xrs", "-XX:-ExitOnOutOfMemoryError", "-XX:ErrorFile=/x"), CRASHES))
                .containsExactly(
                        "-Xmx128m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-Xrs",
                        "-XX:-ExitOnOutOfMemoryError",
                        "-XX:ErrorFile=/x");
    }
}
