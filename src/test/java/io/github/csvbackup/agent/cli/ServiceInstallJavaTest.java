package io.github.csvbackup.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.files.DelegatingRights;
import io.github.csvbackup.files.FileRights;
import io.github.csvbackup.service.JavaRuntimeTest;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Java and the jar of the service: they can run it, and only administrators can change them. */
@DisabledOnOs(OS.WINDOWS)
class ServiceInstallJavaTest extends WithServiceInstall {
    @Test
    void aJavaThatIsMissingIsReported() throws IOException {
        assertNothingDone(install("--java=" + folder.resolve("none")), "There is no Java in " + folder.resolve("none"));
    }

    @Test
    void aJavaFor32BitsOrTooOldIsReported() throws IOException {
        assertNothingDone(
                install("--java=" + JavaRuntimeTest.java(folder.resolve("x86"), "17.0.9", "32")), "is a 32-bit Java");
        assertNothingDone(
                install("--java=" + JavaRuntimeTest.java(folder.resolve("old"), "11.0.2", "64")),
                "is version 11.0.2+9");
    }

    @Test
    void wrongOptionsOfTheJvmAreReported() throws IOException {
        assertNothingDone(install("--java-option=-XX:Wrong"), "Unrecognized VM option 'Wrong'");
        assertThat(install("--java-option=Xmx1g")).isEqualTo(2);
        assertThat(cli.err()).contains("--java-option=Xmx1g is not valid");
    }

    /** Such as the port of the service that runs: a JVM takes it before it prints its version. */
    @Test
    void aBusyPortOfRemoteJmxIsNoObstacle() throws IOException {
        Path java = JavaRuntimeTest.thisJava(folder.resolve("real-jdk"));
        JavaRuntimeTest.playedAgent(system.jar());
        try (ServerSocket busy = new ServerSocket(0)) {
            String port = "-Dcom.sun.management.jmxremote.port=" + busy.getLocalPort();

            int exitCode = install(
                    "--java=" + java,
                    "--java-option=" + port,
                    "--java-option=-Dcom.sun.management.jmxremote.ssl=false",
                    "--java-option=-Dcom.sun.management.jmxremote.authenticate=false");

            assertThat(exitCode).as(cli.err()).isZero();

            assertThat(service().commandLine()).contains(" " + port + " ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"app/agent.jar", "app", "jdk/bin/java.exe", "jdk/bin"})
    void aProgramThatOthersCanChangeIsRefused(String program) throws IOException {
        system.rightsOfPrograms = new DelegatingRights(FileRights.of(folder)) {
            @Override
            public boolean isWritableByOthers(Path path) {
                return path.equals(folder.resolve(program));
            }
        };

        assertNothingDone(install(), "can be changed by accounts that are not administrators");
    }

    /** The owner of a file can change its permissions. */
    @Test
    void aProgramThatOthersOwnIsRefused() throws IOException {
        system.rightsOfPrograms = new DelegatingRights(FileRights.of(folder)) {
            @Override
            public boolean isTrusted(UserPrincipal account) {
                return false;
            }
        };

        assertNothingDone(install(), "can be changed by accounts that are not administrators");
    }

    @Test
    void aFolderThatOthersCanReplaceIsRefused() throws IOException {
        system.rightsOfPrograms = new DelegatingRights(FileRights.of(folder)) {
            @Override
            public boolean isReplaceableByOthers(Path path) {
                return path.equals(folder);
            }
        };

        assertNothingDone(install(), "they can change " + folder);
    }

    /** Such as a folder of downloads. */
    @Test
    void aJarInAProfileIsRefused() throws IOException {
        system.profiles = folder.resolve("app");

        assertNothingDone(install(), "The jar " + system.jar() + " is in the profile of a user");
    }

    /** This command runs it with the rights of an administrator. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aJavaThatOthersCanChangeIsNotRun(boolean copied) throws IOException {
        Path jdk = folder.resolve("unsafe");
        Path trace = folder.resolve("was-run");
        JavaRuntimeTest.java(jdk, "17.0.9", "64");
        Files.writeString(jdk.resolve("bin/java.exe"), "echo > '" + trace + "'\n", StandardOpenOption.APPEND);
        List<String> options = new ArrayList<>(List.of("--java=" + jdk));
        if (copied) {
            options.add("--copy-java");
        }
        system.rightsOfPrograms = new DelegatingRights(FileRights.of(folder)) {
            @Override
            public boolean isWritableByOthers(Path path) {
                return path.equals(jdk.resolve("bin/java.exe"));
            }
        };

        assertNothingDone(
                install(options.toArray(String[]::new)), "can be changed by accounts that are not administrators");
        assertThat(trace).doesNotExist();

        system.rightsOfPrograms = null;
        assertThat(install(options.toArray(String[]::new))).as(cli.err()).isZero();
        assertThat(trace).exists();
    }

    /** Whoever can change the link would choose the program. */
    @Test
    void theCommandLineHasNoSymbolicLinks() throws IOException {
        Path jar = Files.createDirectories(folder.resolve("real")).resolve("agent.jar");
        Files.move(system.jar(), jar);
        Files.createSymbolicLink(system.jar(), jar);
        Path link = Files.createSymbolicLink(folder.resolve("link"), system.javaHome());

        assertThat(install("--java=" + link)).as(cli.err()).isZero();
        assertThat(service().commandLine())
                .startsWith("\"" + system.javaHome().resolve("bin/java.exe") + "\" ")
                .contains(" -jar " + jar + " service run ");

        assertThat(install("--java=" + link, "--copy-java")).as(cli.err()).isZero();
        assertThat(folder.resolve("real/java-17.0.9+9/bin/java.exe")).isRegularFile();
    }

    @Test
    void aProgramOfTheJavaThatIsALinkIsRefused() throws IOException {
        Path bin = Files.createDirectories(folder.resolve("links/bin"));
        Files.createSymbolicLink(
                bin.resolve("java.exe"), system.javaHome().resolve("bin").resolve("java.exe"));

        assertNothingDone(install("--java=" + folder.resolve("links")), bin.resolve("java.exe") + " is a link");
    }

    @Test
    void aLinkInAProfileIsRefused() throws IOException {
        system.profiles = folder.resolve("profiles");
        Path link = Files.createDirectories(system.profiles).resolve("link");
        Files.createSymbolicLink(link, system.javaHome());

        assertNothingDone(install("--java=" + link), "is in the profile of a user");
    }

    @Test
    void copiesTheJava() throws IOException {
        assertThat(install("--copy-java")).as(cli.err()).isZero();

        Path copy = folder.resolve("app/java-17.0.9+9");
        assertThat(copy.resolve("bin/java.exe")).exists();
        assertThat(service().commandLine()).startsWith("\"" + copy.resolve("bin/java.exe") + "\" -Xrs");
    }

    /** Whoever undoes the installation restores the command line with that copy. */
    @Test
    void theCopyOfTheInstallationBeforeStaysUntilTheNext() throws IOException {
        Path first = folder.resolve("app/java-17.0.9+9");
        Path second = folder.resolve("app/java-21.0.1+9");
        Path newer = JavaRuntimeTest.java(folder.resolve("newer"), "21.0.1", "64");
        install("--copy-java");
        assertThat(service().state().isStopped()).isTrue();

        assertThat(install("--copy-java", "--java=" + newer)).as(cli.err()).isZero();
        assertThat(service().commandLine()).startsWith("\"" + second.resolve("bin/java.exe") + "\"");
        assertThat(first.resolve("bin/java.exe")).exists();

        assertThat(install("--java=" + newer)).as(cli.err()).isZero();
        assertThat(first).doesNotExist();
        assertThat(second.resolve("bin/java.exe")).exists();

        assertThat(install("--java=" + newer)).as(cli.err()).isZero();
        assertThat(second).doesNotExist();
    }

    @Test
    void aFailureDeletesTheCopyAndTheStateDirectory() throws IOException {
        system.manager.fail("create", 1073);

        assertNothingDone(install("--copy-java"), "create failed with Win32 error 1073");
    }
}
