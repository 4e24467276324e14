package io.github.csvbackup.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The certificates that the JDK's own keytool creates. */
@Tag("jdk-independent")
@Timeout(120)
class CertificatesCommandTest {
    private static final String SERVER = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT = "1.3.6.1.5.5.7.3.2";
    private static final int DIGITAL_SIGNATURE = 0;
    private static final int KEY_CERT_SIGN = 5;
    private static final int CRL_SIGN = 6;

    @TempDir
    Path folder;

    private final TestedCli cli = new TestedCli();

    private Path out() {
        return folder.resolve("hv1");
    }

    private int create(String nodes) {
        return cli.execute(
                "certificates",
                "create",
                "--cluster=HV1",
                "--nodes=" + nodes,
                "--domain=example.com",
                "--out=" + out());
    }

    private int renew(String... more) {
        return cli.execute(Stream.concat(Stream.of("certificates", "renew", "--out=" + out()), Stream.of(more))
                .toArray(String[]::new));
    }

    private static KeyStore store(Path file) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        String password = Files.readString(Path.of(file + ".password")).strip();
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, password.toCharArray());
        }
        return store;
    }

    private List<X509Certificate> chain(String node) throws Exception {
        return Stream.of(store(out().resolve(node).resolve("agent.p12")).getCertificateChain("agent"))
                .map(X509Certificate.class::cast)
                .toList();
    }

    private static X509Certificate pem(Path file) throws Exception {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(file)));
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.map(folder::relativize).sorted().toList();
        }
    }

    /** The bits of the key usage, which must be critical (RFC 5280, 4.2.1.3). */
    private static List<Integer> usage(X509Certificate certificate) {
        assertThat(certificate.getCriticalExtensionOIDs()).contains("2.5.29.15");
        boolean[] bits = certificate.getKeyUsage();
        return IntStream.range(0, bits.length).filter(bit -> bits[bit]).boxed().toList();
    }

    private static void isValidFor(X509Certificate certificate, Duration time) {
        Instant now = Instant.now();
        assertThat(certificate.getNotBefore().toInstant()).isBefore(now.minus(Duration.ofMinutes(50)));
        assertThat(certificate.getNotAfter().toInstant())
                .isBetween(now.plus(time).minus(Duration.ofDays(3)), now.plus(time));
    }

    @Test
    void anAuthorityAndACertificateForEachNode() throws Exception {
        assertThat(create("NODE1,NODE_2")).as(cli.err()).isZero();

        assertThat(cli.out())
                .startsWith("Created the certificate authority of HV1 in " + out() + ", valid until ")
                .contains("NODE1: NODE1.example.com, valid until ")
                .containsPattern(
                        "NODE_2: NODE_2.example.com, valid until \\S+Z\\. Java's TLS refuses clients that call a name with an"
                                + " underscore: for them, give the node an alias in DNS and a certificate of your own authority for that"
                                + " alias\\.\n")
                .doesNotContainPattern("NODE1: .*underscore")
                .endsWith("Keep ca.p12 and its password off the nodes.\n");
        assertThat(files(out()))
                .extracting(Path::toString)
                .containsExactly(
                        "",
                        "NODE1",
                        "NODE1/agent.p12",
                        "NODE1/agent.p12.password",
                        "NODE1/ca.pem",
                        "NODE_2",
                        "NODE_2/agent.p12",
                        "NODE_2/agent.p12.password",
                        "NODE_2/ca.pem",
                        "ca.p12",
                        "ca.p12.password",
                        "ca.pem");
        assertThat(files(folder)).as("nothing else is left").hasSize(13);

        X509Certificate authority = pem(out().resolve("ca.pem"));
        assertThat(store(out().resolve("ca.p12")).getCertificate("agent")).isEqualTo(authority);
        assertThat(pem(out().resolve("NODE1/ca.pem"))).isEqualTo(authority);
        assertThat(authority.getSubjectX500Principal().getName())
                .isEqualTo("CN=CSV backup agents of HV1,DC=example,DC=com");
        assertThat(authority.getBasicConstraints()).isZero();
        assertThat(usage(authority)).containsExactly(KEY_CERT_SIGN, CRL_SIGN);
        isValidFor(authority, Duration.ofDays(3653));

        for (String node : List.of("NODE1", "NODE_2")) {
            List<X509Certificate> chain = chain(node);
            assertThat(chain).hasSize(2).last().isEqualTo(authority);
            X509Certificate certificate = chain.get(0);
            certificate.verify(authority.getPublicKey());
            assertThat(certificate.getSubjectAlternativeNames())
                    .containsExactly(List.of(2, node + ".example.com"), List.of(2, node));
            assertThat(certificate.getExtendedKeyUsage()).containsExactly(SERVER, CLIENT);
            assertThat(usage(certificate)).containsExactly(DIGITAL_SIGNATURE);
            assertThat(certificate.getBasicConstraints()).as("not an authority").isNegative();
            assertThat(certificate.getPublicKey())
                    .isInstanceOfSatisfying(
                            ECPublicKey.class,
                            key -> assertThat(key.getParams()
                                            .getCurve()
                                            .getField()
                                            .getFieldSize())
                                    .isEqualTo(256));
            isValidFor(certificate, Duration.ofDays(731));
        }
        assertThat(chain("NODE1").get(0).getPublicKey())
                .isNotEqualTo(chain("NODE_2").get(0).getPublicKey());
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void nobodyElseCanReadTheFiles() throws Exception {
        assertThat(create("NODE1")).as(cli.err()).isZero();

        for (Path file : files(out())) {
            Path path = out().resolve(file);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .as("%s", path)
                    .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------");
        }
    }

    @Test
    void existingFilesAreNeverReplacedByCreate() throws Exception {
        assertThat(create("NODE1")).as(cli.err()).isZero();
        byte[] authority = Files.readAllBytes(out().resolve("ca.p12"));

        assertThat(create("NODE1")).isEqualTo(2);
        assertThat(cli.err())
                .isEqualTo(
                        "csv-backup-agent: --out=" + out() + " already has the certificates of a cluster; to renew them"
                                + " or add nodes, use certificates renew, and for another cluster another folder. Run: java -jar"
                                + " csv-backup-agent.jar certificates create --help\n");
        assertThat(out().resolve("ca.p12")).hasBinaryContent(authority);
    }

    @Test
    void theFolderMustBeNewOrEmpty() throws Exception {
        Files.createDirectory(out());
        Path other = Files.createFile(out().resolve("other"));
        assertThat(create("NODE1")).isEqualTo(2);
        assertThat(cli.err()).contains("--out=" + out() + " is not empty; choose a new folder. Run: ");

        Files.move(other, folder.resolve("moved"));
        assertThat(create("NODE1")).as(cli.err()).isZero();
        assertThat(out().resolve("NODE1/agent.p12")).exists();
    }

    @Test
    void aFileOrAFolderBelowNothingIsRefused() throws Exception {
        Files.createFile(out());
        assertThat(create("NODE1")).isEqualTo(2);
        assertThat(cli.err()).contains("--out=" + out() + " exists and is not a folder; choose another one.");

        assertThat(cli.execute(
                        "certificates",
                        "create",
                        "--cluster=HV1",
                        "--nodes=NODE1",
                        "--domain=example.com",
                        "--out=" + folder.resolve("none/hv1")))
                .isEqualTo(2);
        assertThat(cli.err()).contains("is not in an existing folder; create the folder above it first.");
    }

    /** Not even root may write there. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aFolderWithoutTheRightToWriteIsSaid() {
        assertThat(cli.execute(
                        "certificates",
                        "create",
                        "--cluster=HV1",
                        "--nodes=NODE1",
                        "--domain=example.com",
                        "--out=/proc/hv1"))
                .isEqualTo(1);
        assertThat(cli.err())
                .startsWith("csv-backup-agent: Cannot create a temporary folder in /proc: ")
                .hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--nodes=              | --nodes= has an empty name; expected the names of nodes, separated by commas",
                "--nodes=NODE1,        | --nodes=NODE1, has an empty name;",
                "--nodes=NODE1,node1   | The node 'node1' (--nodes) is given twice; keep one of them. Case does not matter.",
                "--nodes=NODE1.example.com | The node 'NODE1.example.com' (--nodes) is not a valid host name; expected at most 63",
                "--nodes=NODE-         | The node 'NODE-' (--nodes) is not a valid host name;",
                "--nodes=*             | The node '*' (--nodes) is not a valid host name;",
                "--nodes=KN\u00d6TEN   | (--nodes) is not a valid host name;",
                "--domain=             | --domain= is not a valid domain; expected the part of the nodes' full DNS names",
                "--domain=.example.com | --domain=.example.com is not a valid domain;",
                "--domain=a b          | --domain=a b is not a valid domain;",
                "--cluster=            | --cluster= is not a valid name;",
                "--cluster=HV1,O=x     | --cluster=HV1,O=x is not a valid name;",
            })
    void badInputIsOneSentence(String argument, String message) {
        String name = argument.substring(0, argument.indexOf('=') + 1);
        String[] arguments = Stream.concat(
                        Stream.of("certificates", "create"),
                        Stream.of("--cluster=HV1", "--nodes=NODE1", "--domain=example.com", "--out=" + out())
                                .map(given -> given.startsWith(name) ? argument : given))
                .toArray(String[]::new);

        assertThat(cli.execute(arguments)).isEqualTo(2);
        assertThat(cli.err()).startsWith("csv-backup-agent: ").contains(message).hasLineCount(1);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThat(cli.execute("certificates", "create", "--cluster=HV1", "--nodes=NODE1", "--out=" + out()))
                .isEqualTo(2);
        assertThat(cli.err()).contains("Missing required option: '--domain=DOMAIN'.");
        assertThat(cli.execute("certificates")).isEqualTo(2);
        assertThat(cli.err()).contains("Choose what to do: certificates create or renew.");
    }

    @Test
    void renewUsesTheSameAuthorityAndTheNodesPassword() throws Exception {
        assertThat(create("NODE1,NODE2")).as(cli.err()).isZero();
        X509Certificate before = chain("NODE1").get(0);
        X509Certificate other = chain("NODE2").get(0);
        byte[] password = Files.readAllBytes(out().resolve("NODE1/agent.p12.password"));

        assertThat(renew("--nodes=node1,NODE3")).as(cli.err()).isZero();

        assertThat(cli.out())
                .startsWith("NODE1: NODE1.example.com, valid until ")
                .contains("NODE3: NODE3.example.com");
        assertThat(chain("NODE1").get(0).getPublicKey()).isNotEqualTo(before.getPublicKey());
        assertThat(chain("NODE1").get(1)).isEqualTo(pem(out().resolve("ca.pem")));
        assertThat(out().resolve("NODE1/agent.p12.password")).hasBinaryContent(password);
        assertThat(chain("NODE2").get(0)).isEqualTo(other);
        assertThat(chain("NODE3").get(0).getSubjectAlternativeNames())
                .containsExactly(List.of(2, "NODE3.example.com"), List.of(2, "NODE3"));
        assertThat(files(out())).as("nothing else is left").hasSize(1 + 3 + 3 * 4);

        assertThat(renew()).as(cli.err()).isZero();
        assertThat(cli.out()).contains("NODE1: ", "NODE2: ", "NODE3: ");
        assertThat(chain("NODE2").get(0)).isNotEqualTo(other);
    }

    @Test
    void renewNeedsAFolderWithAnAuthorityAndNodes() throws Exception {
        assertThat(renew()).isEqualTo(2);
        assertThat(cli.err())
                .contains("--out=" + out() + " has no ca.p12; expected the folder that certificates create made.");

        assertThat(create("NODE1")).as(cli.err()).isZero();
        Files.move(out().resolve("NODE1"), folder.resolve("on the node"));
        assertThat(renew()).isEqualTo(1);
        assertThat(cli.err())
                .isEqualTo("csv-backup-agent: There are no certificates of nodes in " + out()
                        + "; name the nodes with --nodes.\n");
        assertThat(files(out())).as("nothing is left").hasSize(4);
    }

    @Test
    void anAuthorityThatCannotBeOpenedSaysWhy() throws Exception {
        assertThat(create("NODE1")).as(cli.err()).isZero();
        Path password = out().resolve("ca.p12.password");
        byte[] right = Files.readAllBytes(password);

        Files.writeString(password, "wrong\n");
        assertThat(renew()).isEqualTo(1);
        assertThat(cli.err())
                .isEqualTo("csv-backup-agent: The authority " + out().resolve("ca.p12") + " does not open with this"
                        + " password. Restore ca.p12 and its password file from the same backup.\n");
        Files.write(password, right);
        Files.writeString(out().resolve("ca.p12"), "damaged");
        assertThat(renew()).isEqualTo(1);
        assertThat(cli.err()).contains("ca.p12 is damaged, or is not a PKCS #12 file");
        Files.copy(out().resolve("NODE1/agent.p12"), out().resolve("ca.p12"), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(out().resolve("NODE1/agent.p12.password"), password, StandardCopyOption.REPLACE_EXISTING);
        assertThat(renew()).isEqualTo(1);
        assertThat(cli.err()).contains("is not that of a certificate authority. Restore it from a backup.");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void anAuthorityThatOthersCanReadIsRefused() throws Exception {
        assertThat(create("NODE1")).as(cli.err()).isZero();
        for (String name : List.of("ca.p12", "ca.p12.password", "NODE1/agent.p12.password")) {
            Path file = out().resolve(name);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
            assertThat(renew()).isEqualTo(1);
            assertThat(cli.err())
                    .contains(file + " can be read by others. Restrict access with: chmod go= '" + file + "'");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aPlaceWhereOthersCanReplaceTheFilesIsRefused() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThat(create("NODE1")).isEqualTo(2);
        assertThat(cli.err())
                .contains("--out=" + out()
                        + " is in a folder where others can rename and replace files; choose one that only"
                        + " your account and administrators can write to.");
        assertThat(folder).isEmptyDirectory();

        // As /tmp: others cannot rename what is not theirs.
        Files.setAttribute(folder, "unix:mode", 01777);
        assertThat(create("NODE1")).as(cli.err()).isZero();
    }
}
