package io.github.csvbackup.cluster.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.FreePort;
import io.github.csvbackup.agent.PackagedJar;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;

/**
 * A node of a cluster with several: a lab of its own, with its own service control manager.
 *
 * @param port where its agent listens for others
 */
record LabNode(WithWineLab.Opened opened, String name, int port) {
    private static final String FOLDER = "hv1";

    static LabNode open(String name) throws Exception {
        LabNode node = new LabNode(WithWineLab.Opened.now(), name, FreePort.next());
        node.lab().rename(name);
        return node;
    }

    WineLab lab() {
        return opened.lab();
    }

    /** Runs a command of the jar: its output, and a last line with the exit code. */
    String command(String... arguments) throws Exception {
        return lab().javaToItsEnd(
                        Stream.concat(Stream.of("-jar", LabAgent.windowsPath(PackagedJar.path())), Stream.of(arguments))
                                .toList());
    }

    /** The folder with this node's certificate. */
    Path certificate() {
        return lab().onDriveC(FOLDER).resolve(name);
    }

    /** Creates an authority and certificates here. The domain does not exist. */
    void createCertificates(String nodes) throws Exception {
        assertThat(command(
                        "certificates",
                        "create",
                        "--cluster=HV1",
                        "--nodes=" + nodes,
                        "--domain=lab.invalid",
                        "--out=C:\\" + FOLDER))
                .endsWith("exit code 0");
    }

    /** Copies this node's certificate, with the permissions, from the node that created it. */
    void copyCertificate(LabNode creator) throws Exception {
        Path from = creator.lab().onDriveC(FOLDER).resolve(name);
        Files.createDirectory(
                lab().onDriveC(FOLDER),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try (Stream<Path> files = Files.walk(from, 1)) {
            for (Path file : files.toList()) {
                Files.copy(file, certificate().resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    /** @param more options beside those for questions and answers between agents */
    LabAgent agent(String... more) throws Exception {
        String files = "C:\\" + FOLDER + "\\" + name + "\\";
        Stream<String> options = Stream.of(
                "--poll-interval=200ms",
                "--stale-after=2s",
                "--quiet-time=1s",
                "--remote-host=127.0.0.1",
                "--remote-port=" + port,
                "--tls-keystore=" + files + "agent.p12",
                "--tls-password-file=" + files + "agent.p12.password",
                "--tls-trust=" + files + "ca.pem");
        return LabAgent.standalone(
                lab(), "agent", Stream.concat(options, Stream.of(more)).toArray(String[]::new));
    }

    LabAgent agentAsking(LabNode peer) throws Exception {
        return agent("--peers=" + peer.name() + "=https://localhost:" + peer.port() + "/");
    }

    void close() throws Exception {
        opened.close();
    }
}
