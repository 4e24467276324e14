package io.github.csvbackup.hostile;

import io.github.csvbackup.http.Certificate;
import io.github.csvbackup.security.PasswordHash;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLSocketFactory;

/** Files and options for an agent that also listens with TLS, and has one reader. */
public record TlsDoor(Path keystore, Path password, Path users) {
    private static final String READER = "monitor";
    private static final String SECRET = "a reader's password";

    /** Creates the files in an existing folder. */
    public static TlsDoor in(Path folder) throws Exception {
        Path password = mine(folder.resolve("keystore.password"), Certificate.PASSWORD + "\n");
        Path users = mine(folder.resolve("users"), READER + " reader " + PasswordHash.of(SECRET.toCharArray()) + "\n");
        Path keystore = Certificate.make(folder.resolve("agent.pfx"), "localhost", "127.0.0.1");
        Files.setPosixFilePermissions(keystore, PosixFilePermissions.fromString("rw-------"));
        return new TlsDoor(keystore, password, users);
    }

    private static Path mine(Path file, String text) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, text);
    }

    /** The agent's options, with a free port. */
    public List<String> options() {
        return options(0);
    }

    /** The agent's options, with this port. */
    public List<String> options(int port) {
        return List.of(
                "--remote-host=127.0.0.1",
                "--remote-port=" + port,
                "--tls-keystore=" + keystore,
                "--tls-password-file=" + password,
                "--users=" + users);
    }

    /** The Authorization header of the reader. */
    public String authorization() {
        return "Basic " + Base64.getEncoder().encodeToString((READER + ":" + SECRET).getBytes(StandardCharsets.UTF_8));
    }

    /** Trusts the certificate. */
    public SSLSocketFactory trust() throws Exception {
        return Certificate.trust(keystore).getSocketFactory();
    }

    /** A client with the reader's password that trusts the certificate. */
    public HonestClient client(InetSocketAddress address, String host, Duration patience) throws Exception {
        return new HonestClient(address, host, authorization(), trust(), patience);
    }
}
