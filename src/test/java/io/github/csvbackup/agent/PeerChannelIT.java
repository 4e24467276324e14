package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Certificates of an agent that the others must not accept, although it would tell the truth. */
@Tag("jdk-independent")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@TestMethodOrder(OrderAnnotation.class)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Signals are those of a POSIX system.")
class PeerChannelIT extends WithAnAbandonedBackup {
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            expired       | dns:NODE3.example.com,dns:NODE3 | -startdate -9d -validity 8 | expired
            not yet valid | dns:NODE3.example.com,dns:NODE3 | -startdate +1d -validity 8 | valid
            short name    | dns:NODE3                       | -validity 8                | NODE3.example.com
            of NODE9      | dns:NODE9.example.com,dns:NODE9 | -validity 8                | NODE3.example.com
            """)
    void aCertificateThatIs(String what, String names, String validity, String reason) throws Exception {
        try (FakePeer peer = new FakePeer(
                nodes.certificates().signed(what.replace(' ', '-'), names, validity),
                nodes.certificates().identity("NODE1"),
                nodes.agent(THIRD).remoteUrl())) {
            refusedWhile(
                    () -> nodes.network(THIRD).leadTo(peer.port()),
                    WithAnAbandonedBackup::reconnect,
                    "certificate",
                    reason);
            assertThat(peer.asked())
                    .as("questions over a channel that is not verified")
                    .isZero();
        }
    }

    @Test
    void aCertificateOfAnotherAuthorityWithTheSameNames() throws Exception {
        TestCertificates foreign = new TestCertificates(folder.resolve("foreign"));
        try (FakePeer peer = new FakePeer(
                foreign.identity("NODE3"),
                nodes.certificates().identity("NODE1"),
                nodes.agent(THIRD).remoteUrl())) {
            refusedWhile(
                    () -> nodes.network(THIRD).leadTo(peer.port()), WithAnAbandonedBackup::reconnect, "certificate");
            assertThat(peer.asked()).isZero();
        }
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void atLastNode1Clears() throws Exception {
        assertClears(1);
    }
}
