package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** curl with certificates of nodes, and others, as a client of the agent on NODE1 of the simulated nodes NODE1 to NODE3. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "The commands are written for a POSIX shell.")
class PeerIT {
    private static final String QUESTION = "0123456789abcdef0123456789abcdef";

    @TempDir
    static Path folder;

    private static PeerLab lab;

    @BeforeAll
    static void start() throws Exception {
        lab = new PeerLab(folder);
        lab.authority("hv2");
    }

    @AfterAll
    static void stop() {
        if (lab != null) {
            lab.close();
        }
    }

    private static String curl(String certificate, String more) throws Exception {
        return lab.curl(certificate, more);
    }

    @Test
    void theCertificateOfAnotherNodeAllowsHealthAndOneOperation() throws Exception {
        for (String node : List.of("NODE1", "NODE2")) {
            String certificate = "hv1-" + node + ".pem";
            String refusal = "The certificate of " + node + " has the role peer, which may read /healthz and call"
                    + " localEvidence only. All else needs a name and a password from the users file.";
            assertThat(curl(certificate, "healthz")).isEqualTo("200 0 ok\n");
            for (String more : List.of(
                    "metrics",
                    "metrics -d x",
                    "jolokia/version",
                    "jolokia/exec/io.github.csvbackup:type=CsvBackupState/localEvidence/" + QUESTION + "/false",
                    "",
                    "none -d x")) {
                assertThat(curl(certificate, more)).as(more).isEqualTo("403 0 " + refusal + "\n");
            }
            for (String more : List.of(
                    "jolokia/ -d '" + TwoDoors.read("Version") + "'",
                    PeerLab.exec("refresh", ""),
                    PeerLab.exec("clear", "\"x\""))) {
                assertThat(curl(certificate, more))
                        .as(more)
                        .startsWith("200 0 ")
                        .contains("\"status\":403", refusal.replace("/", "\\/"));
            }
        }
    }

    @Test
    void aUserNeedsNoCertificateAndIsNotLessWithOne() throws Exception {
        String user = PeerLab.user(PeerLab.OPERATOR);
        assertThat(curl("", "metrics" + user)).startsWith("200 0 ");
        assertThat(curl("hv1-NODE2.pem", "metrics" + user)).startsWith("200 0 ");
        assertThat(curl("hv1-NODE2.pem", "metrics -u ann:wrong"))
                .startsWith("401 0 The name or the password is wrong.");
        assertThat(curl("", "metrics")).startsWith("401 0 This address needs");
        assertThat(curl("", "healthz")).startsWith("200 0 ");
    }

    @Test
    void aNodeThatIsNotInTheClusterIsNotAPeer() throws Exception {
        assertThat(curl("hv1-NODE9.pem", "metrics")).startsWith("401 0 This address needs");
    }

    /** A name is not an identity. */
    @Test
    void aNodeOfThatNameInAnotherClusterIsRejectedByTls() throws Exception {
        assertThat(curl("hv2-NODE2.pem", "healthz")).startsWith("000 ").containsPattern("alert|SSL");
    }

    /** Signed by the authority of the cluster. */
    @ParameterizedTest
    @CsvSource({
        "short,    CN=x, san=dns:NODE2",
        "wildcard, CN=x, san=dns:*.example.com",
        "common,   CN=NODE2.example.com, san=dns:x.example.com",
        "none,     CN=NODE2.example.com, eku=clientAuth",
        "domain,   CN=x, san=dns:NODE2.example.org",
    })
    void otherNamesAreNotThoseOfANode(String name, String subject, String extension) throws Exception {
        lab.sign(name, subject, "-validity 8 -ext " + extension);
        assertThat(curl(name + ".pem", "metrics")).startsWith("401 0 This address needs");
    }

    @ParameterizedTest
    @CsvSource({
        "expired, -startdate -9d -validity 8",
        "early,   -startdate +1d -validity 8",
        "server,  -validity 8 -ext eku=serverAuth",
    })
    void aCertificateThatDoesNotVerifyIsRejectedByTls(String name, String more) throws Exception {
        lab.sign(name, "CN=NODE2", "-ext san=dns:NODE2.example.com " + more);
        assertThat(curl(name + ".pem", "healthz")).startsWith("000 ").containsPattern("alert|SSL");
    }
}
