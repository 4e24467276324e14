package io.github.csvbackup.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scripts play the Java, with the output of real ones. */
@DisabledOnOs(OS.WINDOWS)
public class JavaRuntimeTest {
    private static final Path JAR = Path.of("agent.jar");

    @TempDir
    Path home;

    /** A Java that prints properties, and refuses an option that contains "Wrong". */
    public static Path java(Path home, String version, String bits) throws IOException {
        return script(home, """
                case "$*" in *Wrong*) echo; echo "Unrecognized VM option 'Wrong'."; exit 1;; esac
                case "$*" in *' version') echo 'csv-backup-agent 0.1.0'; exit;; esac
                echo 'Property settings:'
                echo '    java.version = %s'
                echo '    java.runtime.version = %s+9'
                echo '    sun.arch.data.model = %s'
                """.formatted(version, version, bits));
    }

    /** The Java that runs this test. */
    public static Path thisJava(Path home) throws IOException {
        return script(home, "exec '%s/bin/java' \"$@\"\n".formatted(System.getProperty("java.home")));
    }

    /** A jar that prints the version of an agent. */
    public static Path playedAgent(Path jar) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, PlayedAgent.class.getName());
        String name = PlayedAgent.class.getName().replace('.', '/') + ".class";
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                InputStream code = JavaRuntimeTest.class.getClassLoader().getResourceAsStream(name)) {
            out.putNextEntry(new ZipEntry(name));
            code.transferTo(out);
        }
        return jar;
    }

    /** The agent of {@link #playedAgent}. */
    public static final class PlayedAgent {
        private PlayedAgent() {}

        public static void main(String[] arguments) {
            System.out.println("csv-backup-agent 0.1.0");
        }
    }

    private static Path script(Path home, String body) throws IOException {
        Path program = Files.createDirectories(home.resolve("bin")).resolve("java.exe");
        Files.writeString(program, "#!/bin/sh\n" + body);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        return home;
    }

    @Test
    void readsTheVersion() throws Exception {
        JavaRuntime java = JavaRuntime.of(java(home, "17.0.9", "64"));

        assertThat(java).isEqualTo(new JavaRuntime(home, "17.0.9+9"));
        assertThat(java.program()).isEqualTo(home.resolve("bin/java.exe"));
    }

    @Test
    void thereIsNoJava() {
        assertThatThrownBy(() -> JavaRuntime.of(home))
                .isInstanceOf(ServiceException.class)
                .hasMessage("There is no Java in " + home + ": " + home.resolve("bin/java.exe")
                        + " does not exist. Give the folder of a 64-bit Java 17 or newer with --java.");
    }

    @Test
    void anOldJavaIsRefused() throws Exception {
        java(home, "1.8.0_392", "64");
        assertThatThrownBy(() -> JavaRuntime.of(home)).hasMessageContaining("is version 1.8.0_392+9. The agent needs");
        java(home, "16.0.2", "64");
        assertThatThrownBy(() -> JavaRuntime.of(home)).hasMessageContaining("is version 16.0.2+9. The agent needs");
    }

    @Test
    void aNewerJavaIsAccepted() throws Exception {
        assertThat(JavaRuntime.of(java(home, "26-ea", "64")).version()).isEqualTo("26-ea+9");
    }

    @Test
    void aJavaFor32BitsIsRefused() throws Exception {
        java(home, "17.0.9", "32");

        assertThatThrownBy(() -> JavaRuntime.of(home)).hasMessageContaining("is a 32-bit Java");
    }

    @Test
    void aProgramThatIsNotJavaIsRefused() throws Exception {
        script(home, "echo hello.\nexit 3\n");

        assertThatThrownBy(() -> JavaRuntime.of(home))
                .hasMessage(
                        "The Java in " + home + " does not run (exit code 3): hello. Give another one with --java.");
    }

    @Test
    void aProgramThatCannotBeRunIsRefused() throws Exception {
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("bin/java.exe"), "not executable");

        assertThatThrownBy(() -> JavaRuntime.of(home)).hasMessageContaining("cannot be run: ");
    }

    /** Each would start something in the JVM, perhaps in the way of the service that runs. */
    @Test
    void onlyWhatStartsSomethingInTheJvmIsNotAsked() throws Exception {
        JavaRuntime java = JavaRuntime.of(java(home, "17.0.9", "64"));

        java.requireAccepted(
                List.of(
                        "-Dcom.sun.management.config.file=Wrong",
                        "-javaagent:Wrong",
                        "-agentlib:Wrong",
                        "-agentpath:Wrong",
                        "-XrunWrong:x"),
                JAR);
        assertThatThrownBy(() -> java.requireAccepted(List.of("-javaagent:a.jar", "-Dcom.sun.Wrong"), JAR))
                .hasMessageContaining("does not start with the options -Dcom.sun.Wrong: ");
    }

    @Test
    void wrongOptionsAreReportedInTheWordsOfTheJvm() throws Exception {
        JavaRuntime java = JavaRuntime.of(java(home, "17.0.9", "64"));

        java.requireAccepted(List.of("-Xmx128m"), JAR);
        assertThatThrownBy(() -> java.requireAccepted(List.of("-Xmx128m", "-XX:Wrong"), JAR))
                .hasMessage(
                        "The Java in " + home + " does not start with the options -Xmx128m -XX:Wrong: Unrecognized VM"
                                + " option 'Wrong'. Correct them with --java-option.");
    }

    /** The JVM ends with them as if all were well, and the service would never report to Windows. */
    @ParameterizedTest
    @ValueSource(
            strings = {"-version", "--version", "-fullversion", "-help", "--help", "-X", "--list-modules", "--dry-run"})
    void anOptionWithWhichJavaRunsNoProgramIsRefused(String option) throws Exception {
        JavaRuntime java = JavaRuntime.of(thisJava(home));
        Path jar = playedAgent(home.resolve("agent.jar"));

        java.requireAccepted(List.of("-Xmx128m"), jar);
        assertThatThrownBy(() -> java.requireAccepted(List.of("-Xmx128m", option), jar))
                .isInstanceOf(ServiceException.class)
                .hasMessageStartingWith(
                        "The Java in " + home + " does not run the agent with the options -Xmx128m " + option + ": ")
                .hasMessageEndingWith(". Correct them with --java-option.");
    }

    /** Such as one that waits for a debugger. It keeps its output open. */
    @Test
    @Timeout(60)
    void aJavaThatDoesNotEndIsStopped() throws Exception {
        script(home, "exec tail -f '" + home + "/bin/java.exe'\n");
        JavaRuntime java = new JavaRuntime(home, "17.0.9+9");

        assertThatThrownBy(() -> java.requireAccepted(List.of("-Xwait"), JAR, Duration.ofMillis(1)))
                .hasMessage(java.program() + " with -Xwait -jar " + JAR
                        + " version does not end. Correct the options, or give another Java with --java.");

        for (ProcessHandle child : ProcessHandle.current().children().toList()) {
            if (child.info().commandLine().orElse("").contains(home.toString())) {
                child.onExit().join();
            }
        }
    }
}
