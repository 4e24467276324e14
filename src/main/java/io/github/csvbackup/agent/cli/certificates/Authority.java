package io.github.csvbackup.agent.cli.certificates;

import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.files.TrustedFile;
import io.github.csvbackup.files.TrustedFile.Privacy;
import io.github.csvbackup.security.Pkcs12;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The certificate authority of one cluster: its key, in a folder of this command, and its certificate. */
record Authority(KeyStoreFile store, X509Certificate certificate) {
    static final String FILE = "ca.p12";

    private static final int DAYS = 3652;
    private static final int DAYS_OF_A_NODE = 730;
    /** An hour ago: clocks of nodes differ. */
    private static final String START = "-1H";

    /** Creates the key and the certificate. */
    static Authority create(Keytool keytool, PrivateFiles files, Path folder, String cluster, String domain)
            throws IOException, StartException {
        KeyStoreFile store = KeyStoreFile.in(files.folder(folder), FILE);
        files.writePassword(store.passwordFile());
        keytool.createKey(
                store,
                subject("CSV backup agents of " + cluster, domain),
                List.of(
                        "-startdate",
                        START,
                        "-validity",
                        Integer.toString(DAYS),
                        "-ext",
                        "bc:c=ca:true,pathlen:0",
                        "-ext",
                        "ku:c=keyCertSign,cRLSign"));
        return of(store, Files.readAllBytes(store.file()), "The new authority");
    }

    /** Copies the authority to another folder, so that keytool sees files that were checked. */
    static Authority load(KeyStoreFile from, PrivateFiles files, Path folder) throws IOException, StartException {
        TrustedFile trusted = TrustedFile.of(from.file(), "The authority " + from.file(), Privacy.SECRET);
        byte[] bytes = trusted.bytes(Pkcs12.LARGEST);
        TrustedFile password =
                TrustedFile.of(from.passwordFile(), "The password file " + from.passwordFile(), Privacy.SECRET);
        String text = password.text();
        KeyStoreFile store = KeyStoreFile.in(files.folder(folder), FILE);
        files.write(store.file(), bytes);
        files.write(store.passwordFile(), text.getBytes(StandardCharsets.UTF_8));
        return of(store, bytes, "The authority " + from.file());
    }

    private static Authority of(KeyStoreFile store, byte[] bytes, String label) throws IOException, StartException {
        char[] password = Files.readString(store.passwordFile()).strip().toCharArray();
        KeyStore loaded =
                Pkcs12.load(bytes, password, label, "Restore " + FILE + " and its password file from the same backup.");
        try {
            if (loaded.isKeyEntry(KeyStoreFile.ALIAS)
                    && loaded.getCertificate(KeyStoreFile.ALIAS) instanceof X509Certificate certificate
                    && certificate.getBasicConstraints() >= 0) {
                return new Authority(store, certificate);
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the keystore was just loaded", e);
        }
        throw new StartException(label + " is not that of a certificate authority. Restore it from a backup.");
    }

    /** The subject of a certificate. Each label of the domain is a component, as in Active Directory (RFC 2247). */
    private static String subject(String name, String domain) {
        return Arrays.stream(domain.split("\\.", -1))
                .map(label -> ",DC=" + label)
                .collect(Collectors.joining("", "CN=" + name, ""));
    }

    /** The domain of all nodes, from the subject of the certificate. */
    String domain() throws StartException {
        String domain = Arrays.stream(
                        certificate.getSubjectX500Principal().getName().split(",", -1))
                .filter(part -> part.startsWith("DC="))
                .map(part -> part.substring("DC=".length()).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining("."));
        if (!NodeNames.isDomain(domain)) {
            throw new StartException(
                    "The authority " + certificate.getSubjectX500Principal().getName()
                            + " was not created by this command: its subject has no domain. Create one with certificates create.");
        }
        return domain;
    }

    Instant end() {
        return certificate.getNotAfter().toInstant();
    }

    /** The days for which a node's certificate is valid: never longer than that of the authority. */
    private int days(Instant now) throws StartException {
        long left = Duration.between(now, end()).toDays();
        if (left < 1) {
            throw new StartException("The authority expires on " + end()
                    + ", so it can sign nothing more. Create a new one with certificates create, in another folder, and"
                    + " replace the files of all nodes and clients.");
        }
        return (int) Math.min(DAYS_OF_A_NODE, left);
    }

    /**
     * Creates the key and the certificate of a node.
     *
     * @param password of the node's earlier file; null: a new one
     * @param folder gets the keystore and the files that the steps need
     */
    NodeCertificate issue(
            Keytool keytool, PrivateFiles files, Path folder, String node, @Nullable String password, Instant now)
            throws IOException, StartException {
        String fullName = NodeNames.full(node, domain());
        KeyStoreFile key = KeyStoreFile.in(files.folder(folder), NodeCertificate.FILE);
        if (password == null) {
            files.writePassword(key.passwordFile());
        } else {
            files.write(key.passwordFile(), password.getBytes(StandardCharsets.UTF_8));
        }
        keytool.createKey(key, subject(node, domain()), List.of());
        Path request = folder.resolve("request.csr");
        keytool.request(key, request);
        Path signed = folder.resolve("signed.pem");
        keytool.sign(store, request, signed, extensions(fullName, node, days(now)));
        Path chain = folder.resolve("chain.pem");
        files.write(chain, (Files.readString(signed).strip() + "\n" + pem()).getBytes(StandardCharsets.US_ASCII));
        keytool.importChain(key, chain);
        return NodeCertificate.proven(key, node, fullName, certificate);
    }

    private static List<String> extensions(String fullName, String node, int days) {
        return List.of(
                "-startdate",
                START,
                "-validity",
                Integer.toString(days),
                "-ext",
                "ku:c=digitalSignature",
                "-ext",
                "eku=serverAuth,clientAuth",
                "-ext",
                SubjectNames.extension(List.of(fullName, node)));
    }

    /** The certificate for clients. */
    String pem() throws StartException {
        try {
            return "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
        } catch (GeneralSecurityException e) {
            throw new StartException("The certificate of the authority cannot be written: " + e.getMessage() + ".", e);
        }
    }
}
