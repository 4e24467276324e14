package io.github.csvbackup.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Scripts play the Java, with the output of real ones. */
@DisabledOnOs(OS.WINDOWS)
public class JavaRuntimeTest {
    @TempDir
    Path home;

    /** A Java that prints properties, and refuses an option that contains "Wrong". */
    public static Path java(Path home, String version, String bits) throws IOException {
        return script(home, """
                case "$*" in *Wrong*) echo; echo "Unrecognized VM option 'Wrong'."; exit 1;; esac
                echo 'Property settings:'
                echo '    java.version = %s'
                echo '    sun.arch.data.model = %s'
                """.formatted(version, bits));
    }

    /** The Java that runs this test. */
    public static Path thisJava(Path home) throws IOException {
        return script(home, "exec '%s/bin/java' \"$@\"\n".formatted(System.getProperty("java.home")));
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

        assertThat(java).isEqualTo(new JavaRuntime(home, "17.0.9"));
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
        assertThatThrownBy(() -> JavaRuntime.of(home)).hasMessageContaining("is version 1.8.0_392. The agent needs");
        java(home, "16.0.2", "64");
        assertThatThrownBy(() -> JavaRuntime.of(home)).hasMessageContaining("is version 16.0.2. The agent needs");
    }

    @Test
    void aNewerJavaIsAccepted() throws Exception {
        assertThat(JavaRuntime.of(java(home, "26-ea", "64")).version()).isEqualTo("26-ea");
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

    @Test
    void onlyWhatStartsSomethingInTheJvmIsNotAsked() throws Exception {
        JavaRuntime java = JavaRuntime.of(java(home, "17.0.9", "64"));

        java.requireAccepted(List.of(
                "-Dcom.sun.management.config.file=Wrong", "-javaagent:Wrong", "-agentlib:Wrong", "-agentpath:Wrong"));
        assertThatThrownBy(() -> java.requireAccepted(List.of("-javaagent:a.jar", "-Dcom.sun.Wrong")))
                .hasMessageContaining("does not start with the options -Dcom.sun.Wrong: ");
    }

    @Test
    void wrongOptionsAreReportedInTheWordsOfTheJvm() throws Exception {
        JavaRuntime java = JavaRuntime.of(java(home, "17.0.9", "64"));

        java.requireAccepted(List.of("-Xmx128m"));
        assertThatThrownBy(() -> java.requireAccepted(List.of("-Xmx128m", "-XX:Wrong")))
                .hasMessage(
                        "The Java in " + home + " does not start with the options -Xmx128m -XX:Wrong: Unrecognized VM"
                                + " option 'Wrong'. Correct them with --java-option.");
    }
}
