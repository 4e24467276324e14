package io.github.csvbackup.peer;

import io.github.csvbackup.Jit;
import io.github.csvbackup.files.PrivateFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A certificate authority for tests, by the JDK's keytool. All of its certificates have the same key, which is quicker. */
public final class TestAuthority {
    private static final String PASSWORD = "only for tests";

    private final Path folder;
    private final String key;

    private TestAuthority(Path folder, String key) {
        this.folder = folder;
        this.key = key;
    }

    /** An authority with this name, in a new folder. */
    public static TestAuthority create(Path folder, String name) throws Exception {
        Files.createDirectories(folder);
        keytool(folder, "-genkeypair", "-keyalg", "EC", "-dname", "CN=" + name, "-ext", "bc:c=ca:true", "-alias", "ca");
        keytool(folder, "-genkeypair", "-keyalg", "EC", "-dname", "CN=node", "-alias", "node");
        keytool(folder, "-certreq", "-alias", "node", "-file", "node.csr");
        keytool(folder, "-exportcert", "-rfc", "-alias", "ca", "-file", "ca.crt");
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(folder.resolve("store.p12"))) {
            store.load(in, PASSWORD.toCharArray());
        }
        byte[] key = store.getKey("node", PASSWORD.toCharArray()).getEncoded();
        return new TestAuthority(
                folder,
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key)
                        + "\n-----END PRIVATE KEY-----\n");
    }

    /**
     * Issues a certificate, or replaces it.
     *
     * @param dnsName in Subject Alternative Name
     * @param more arguments of {@code keytool -gencert}
     * @return a file with the key and the certificate, for tls-keystore
     */
    public Path issue(String dnsName, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(
                List.of("-gencert", "-rfc", "-alias", "ca", "-infile", "node.csr", "-outfile", "node.crt"));
        // keytool itself refuses names with an underscore.
        arguments.addAll(List.of("-ext", "2.5.29.17=" + subjectAlternativeName(dnsName)));
        arguments.addAll(List.of(more));
        keytool(folder, arguments.toArray(String[]::new));
        return PrivateFile.write(
                folder.resolve(dnsName.replace('*', '_') + more.length + ".pem"),
                key + Files.readString(folder.resolve("node.crt")) + Files.readString(folder.resolve("ca.crt")));
    }

    /** In DER: a sequence with one DNS name. */
    private static String subjectAlternativeName(String dnsName) {
        byte[] name = dnsName.getBytes(StandardCharsets.US_ASCII);
        StringBuilder hex = new StringBuilder("30");
        hex.append(hex(name.length + 2)).append("82").append(hex(name.length));
        for (byte each : name) {
            hex.append(hex(each));
        }
        return hex.toString();
    }

    private static String hex(int value) {
        return String.format(java.util.Locale.ROOT, "%02X", value);
    }

    /** The certificate of the authority, for tls-trust. */
    public Path trust() throws IOException {
        return PrivateFile.write(folder.resolve("ca.pem"), trustText());
    }

    public String trustText() throws IOException {
        return Files.readString(folder.resolve("ca.crt"));
    }

    private static void keytool(Path folder, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J" + Jit.FIRST_COMPILER,
                "-storetype",
                "PKCS12",
                "-keystore",
                "store.p12",
                "-storepass",
                PASSWORD));
        command.addAll(List.of(arguments));
        Process keytool = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (keytool.waitFor() != 0) {
            throw new IllegalStateException("keytool: " + said);
        }
    }
}
