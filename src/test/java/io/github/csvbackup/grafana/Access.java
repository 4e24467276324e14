package io.github.csvbackup.grafana;

import io.github.csvbackup.files.PrivateFile;
import io.github.csvbackup.http.Certificate;
import io.github.csvbackup.http.OwnAddress;
import io.github.csvbackup.security.PasswordHash;
import java.nio.file.Path;
import java.util.List;

/** Prometheus' access to the agents from another machine: the agents' certificate and a user. */
record Access(Path keystore, Path keystorePassword, Path users) {
    static final String PASSWORD = "a password of the test";

    /** Creates all files, and a file with the certificate for Prometheus. */
    static Access make(Path folder, Path certificateFile) throws Exception {
        Path keystore = Certificate.make(
                folder.resolve("agents.p12"), "agents", OwnAddress.get().getHostAddress());
        Certificate.pem(keystore, certificateFile);
        return new Access(
                keystore,
                PrivateFile.write(folder.resolve("agents.password"), Certificate.PASSWORD),
                PrivateFile.write(
                        folder.resolve("users"),
                        "prometheus reader " + PasswordHash.of(PASSWORD.toCharArray()) + "\n"));
    }

    /** The agent's options for this access. */
    List<String> options() {
        return List.of(
                "--remote-host=0.0.0.0",
                "--remote-port=0",
                "--tls-keystore=" + keystore,
                "--tls-password-file=" + keystorePassword,
                "--users=" + users);
    }
}
