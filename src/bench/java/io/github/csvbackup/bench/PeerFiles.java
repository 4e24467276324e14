package io.github.csvbackup.bench;

import io.github.csvbackup.agent.PlayedAgents;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Certificates for the agents of a cluster. Those of the authority and of NODE1 are made by the agent's own command. All other nodes share one of the same
 * authority, with the names of all of them: keytool needs seconds for each certificate.
 */
final class PeerFiles {
    private static final String DOMAIN = "example.com";

    private final Lab lab;
    private final Path folder;
    private final Path others;
    private int configs;

    private PeerFiles(Lab lab, Path folder) {
        this.lab = lab;
        this.folder = folder;
        this.others = folder.resolve("others.p12");
    }

    static PeerFiles create(Lab lab, int nodes) throws Exception {
        PeerFiles files = new PeerFiles(lab, Files.createTempDirectory(lab.folder(), "peers"));
        files.run(
                "java",
                "-jar",
                lab.agentJar().toString(),
                "certificates",
                "create",
                "--cluster=bench",
                "--nodes=NODE1",
                "--domain=" + DOMAIN,
                "--out=" + files.authority());
        files.sign(nodes);
        return files;
    }

    private Path authority() {
        return folder.resolve("hv1");
    }

    private Path trust() {
        return authority().resolve("ca.pem");
    }

    private void sign(int nodes) throws Exception {
        Path request = folder.resolve("others.csr");
        Path chain = folder.resolve("others.pem");
        secret("others.p12.password", Files.readString(authority().resolve("ca.p12.password")));
        keytool(others, "-genkeypair", "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=others");
        keytool(others, "-certreq", "-file", request.toString());
        String names = IntStream.rangeClosed(2, nodes)
                .mapToObj(node -> "dns:NODE" + node + "." + DOMAIN)
                .collect(Collectors.joining(","));
        keytool(
                authority().resolve("ca.p12"),
                "-gencert",
                "-rfc",
                "-infile",
                request.toString(),
                "-outfile",
                chain.toString(),
                "-ext",
                "eku=serverAuth,clientAuth",
                "-ext",
                "san=" + names);
        Files.writeString(chain, Files.readString(chain) + Files.readString(trust()));
        keytool(others, "-importcert", "-noprompt", "-file", chain.toString());
        Files.setPosixFilePermissions(others, PosixFilePermissions.fromString("rw-------"));
    }

    private Path secret(String name, String text) throws IOException {
        Path file = Files.createFile(
                folder.resolve(name),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, text);
    }

    /** The agents of all nodes but NODE1; asked for peers, they say where they listen. */
    Jvm startOthers(Jdk jdk, int nodes, int volumes) throws IOException {
        return lab.startProgram(
                jdk,
                PlayedAgents.class,
                others.toString(),
                others + ".password",
                trust().toString(),
                Integer.toString(nodes),
                Integer.toString(volumes));
    }

    /**
     * The agent of NODE1.
     *
     * @param peers value of the option
     */
    Setup asking(Setup setup, String peers) throws IOException {
        Path own = authority().resolve("NODE1");
        // Agent arguments are separated by commas, too.
        Path config = secret("peers-" + ++configs + ".properties", "peers=" + peers + "\n");
        return setup.with("remote-host=127.0.0.1")
                .with("remote-port=0")
                .with("tls-keystore=" + own.resolve("agent.p12"))
                .with("tls-password-file=" + own.resolve("agent.p12.password"))
                .with("tls-trust=" + trust())
                .with("config=" + config);
    }

    private void keytool(Path store, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("keytool", "-J-XX:TieredStopAtLevel=1"));
        command.addAll(List.of(arguments));
        command.addAll(List.of(
                "-alias",
                "agent",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass:file",
                store + ".password"));
        run(command.get(0), command.subList(1, command.size()).toArray(String[]::new));
    }

    /** Runs a program of the JDK. */
    private void run(String program, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(lab.jdk().home().resolve("bin").resolve(program).toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(program + ": " + said);
        }
    }
}
