package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.RealPart;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The certificates that the packaged command creates for a cluster of NODE1 to NODE3, and others of the same authority. */
public final class TestCertificates {
    private static final String PASSWORD = "changeit";

    private final Path folder;

    /** @param folder a new one; its parent exists */
    public TestCertificates(Path folder) throws Exception {
        this.folder = folder;
        run(
                folder.getParent(),
                "java -jar '" + PackagedJar.path()
                        + "' certificates create --cluster=SIMULATED --nodes=NODE1,NODE2,NODE3 --domain=example.com --out='"
                        + folder + "'");
    }

    /** The files for a node. */
    public Path of(String node) {
        return folder.resolve(node);
    }

    /** TLS with the identity of a node, which trusts its authority. */
    SSLContext identity(String node) throws Exception {
        String password =
                Files.readString(of(node).resolve("agent.p12.password")).strip();
        return context(of(node).resolve("agent.p12"), password);
    }

    /**
     * TLS with a certificate that the same authority signed.
     *
     * @param subjectNames for keytool, such as {@code dns:NODE3}
     * @param validity for keytool
     */
    SSLContext signed(String name, String subjectNames, String validity) throws Exception {
        RealPart.program("Debian's package openssl", "openssl");
        run(
                folder,
                "set -e; umask 077; openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=x -keyout "
                        + name
                        + ".key -out " + name + ".csr; keytool -gencert -alias agent -keystore ca.p12 -storepass:file"
                        + " ca.p12.password -rfc -infile " + name + ".csr -outfile " + name + ".crt -ext san="
                        + subjectNames + " " + validity + "; openssl pkcs12 -export -inkey " + name + ".key -in " + name
                        + ".crt -certfile ca.pem -passout pass:" + PASSWORD + " -out " + name + ".p12");
        return context(folder.resolve(name + ".p12"), PASSWORD);
    }

    private SSLContext context(Path store, String password) throws IOException, GeneralSecurityException {
        KeyStore own = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            own.load(in, password.toCharArray());
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, password.toCharArray());
        KeyStore authority = KeyStore.getInstance("PKCS12");
        authority.load(null, null);
        try (InputStream in = Files.newInputStream(folder.resolve("ca.pem"))) {
            authority.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(authority);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static void run(Path in, String script) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder("bash", "-c", script).directory(in.toFile()).redirectErrorStream(true);
        String jdk = Path.of(System.getProperty("java.home"), "bin").toString();
        builder.environment().merge("PATH", jdk, (path, first) -> first + File.pathSeparator + path);
        Path output = Files.createTempFile(in, "output", ".txt");
        Process process = builder.redirectInput(new File("/dev/null"))
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).as(script).isTrue();
        assertThat(process.exitValue()).as(Files.readString(output)).isZero();
        Files.delete(output);
    }
}
