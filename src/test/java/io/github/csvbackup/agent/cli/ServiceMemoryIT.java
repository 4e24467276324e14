package io.github.csvbackup.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.agent.PackagedJar;
import io.github.csvbackup.service.AgentService;
import io.github.csvbackup.service.ServiceCommandLine;
import io.github.csvbackup.service.WindowsArguments;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A service without memory ends with a failure, so that the service manager starts it again. What {@code service install} writes down is run here: the
 * Java, its options, the jar and the options of the agent, without {@code service run}, which needs Windows.
 */
@DisabledOnOs(OS.WINDOWS)
class ServiceMemoryIT {
    /** That of {@code -XX:+ExitOnOutOfMemoryError}. */
    private static final int OUT_OF_MEMORY = 3;

    @TempDir
    Path folder;

    private StubServiceSystem system;

    @BeforeEach
    void aRealJavaAndTheJar() throws Exception {
        system = new StubServiceSystem(folder);
        Files.copy(PackagedJar.path(), system.jar(), StandardCopyOption.REPLACE_EXISTING);
        Path java = system.javaHome().resolve("bin").resolve("java.exe");
        Files.writeString(
                java, "#!/bin/sh\nexec '" + Path.of(System.getProperty("java.home"), "bin", "java") + "' \"$@\"\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private String install(String... options) {
        List<String> arguments = new ArrayList<>(List.of(
                "service",
                "install",
                "--backend=simulated",
                "--port=0",
                "--event-log=false",
                "--state-dir=" + folder.resolve("state")));
        arguments.addAll(List.of(options));
        TestedCli cli = new TestedCli(system);
        assertThat(cli.execute(arguments.toArray(String[]::new))).as(cli.err()).isZero();
        return system.manager.service(AgentService.NAME).commandLine();
    }

    /** The program, the JVM's options, and what follows. */
    private List<String> java(String commandLine, String... more) {
        List<String> ofJvm = WindowsArguments.split(commandLine).stream()
                .takeWhile(argument -> !argument.equals("-jar"))
                .toList();
        assertThat(ofJvm).contains("-XX:+ExitOnOutOfMemoryError");
        List<String> command = new ArrayList<>(ofJvm);
        command.addAll(List.of(more));
        return command;
    }

    private void endsWithoutMemory(List<String> command) throws Exception {
        Path output = folder.resolve("output.txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        Process process = builder.start();
        boolean ended = process.waitFor(50, TimeUnit.SECONDS);
        process.destroyForcibly();
        assertThat(ended).as("it ended: %s", Files.readString(output)).isTrue();
        assertThat(output).content().contains("Terminating due to java.lang.OutOfMemoryError");
        assertThat(process.exitValue()).isEqualTo(OUT_OF_MEMORY);
    }

    @Test
    void aProgramInTheJvmOfTheServiceThatUsesUpItsMemory() throws Exception {
        endsWithoutMemory(java(install(), "-cp", PackagedJar.testClasses().toString(), Hoarder.class.getName()));
    }

    /** The agent's threads survive every error, so it is the JVM that must end. */
    @Test
    void theAgentItselfWithTooSmallAHeap() throws Exception {
        String commandLine = install("--java-option=-Xmx8m", "--simulated-volumes=1000", "--simulated-nodes=64");
        List<String> command = java(commandLine, "-jar", system.jar().toString());
        command.addAll(ServiceCommandLine.optionsIn(commandLine));

        endsWithoutMemory(command);
    }

    /** Keeps everything, on a thread whose failures are caught. */
    static final class Hoarder {
        private Hoarder() {}

        public static void main(String[] arguments) throws InterruptedException {
            List<byte[]> kept = new ArrayList<>();
            Thread thread = new Thread(() -> {
                while (true) {
                    try {
                        kept.add(new byte[1_000_000]);
                    } catch (OutOfMemoryError e) {
                        System.out.println("caught, with " + kept.size() + " MB");
                    }
                }
            });
            thread.start();
            thread.join();
        }
    }
}
