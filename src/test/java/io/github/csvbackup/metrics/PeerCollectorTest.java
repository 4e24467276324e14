package io.github.csvbackup.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.peer.PeerRecords;
import io.github.csvbackup.peer.SampleQuestions;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The series about questions to the agents of other nodes. */
class PeerCollectorTest {
    private final MovableClock clock = new MovableClock();
    private final PeerRecords records = new PeerRecords();

    private String scrape() throws IOException {
        PrometheusRegistry registry = new PrometheusRegistry();
        registry.register(new PeerCollector(records, clock));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrometheusTextFormatWriter.create().write(out, registry.scrape());
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void allOutcomesFromTheStartAndNodesOnceTheyWereAsked() throws Exception {
        assertThat(scrape()).isEqualTo("""
                # HELP csv_backup_peer_requests_total Questions to the agents of other nodes, by outcome
                # TYPE csv_backup_peer_requests_total counter
                csv_backup_peer_requests_total{outcome="answered"} 0.0
                csv_backup_peer_requests_total{outcome="failed"} 0.0
                csv_backup_peer_requests_total{outcome="forbidden"} 0.0
                csv_backup_peer_requests_total{outcome="lost"} 0.0
                csv_backup_peer_requests_total{outcome="malformed"} 0.0
                csv_backup_peer_requests_total{outcome="not_ready"} 0.0
                csv_backup_peer_requests_total{outcome="other_cluster"} 0.0
                csv_backup_peer_requests_total{outcome="other_node"} 0.0
                csv_backup_peer_requests_total{outcome="other_question"} 0.0
                csv_backup_peer_requests_total{outcome="redirected"} 0.0
                csv_backup_peer_requests_total{outcome="simulated"} 0.0
                csv_backup_peer_requests_total{outcome="timeout"} 0.0
                csv_backup_peer_requests_total{outcome="tls"} 0.0
                csv_backup_peer_requests_total{outcome="unreachable"} 0.0
                csv_backup_peer_requests_total{outcome="unsupported"} 0.0
                """);

        SampleQuestions.answered(records, "NODE2", clock.instant());
        SampleQuestions.timedOut(records, "NODE3", clock.instant());
        SampleQuestions.timedOut(records, "node3", clock.instant());

        assertThat(scrape())
                .contains("csv_backup_peer_requests_total{outcome=\"answered\"} 1.0\n")
                .contains("csv_backup_peer_requests_total{outcome=\"timeout\"} 2.0\n")
                .contains("""
                        # HELP csv_backup_peer_up Whether the last answer of a node's agent counts; absent for five minutes without a question
                        # TYPE csv_backup_peer_up gauge
                        csv_backup_peer_up{node="NODE2"} 1.0
                        csv_backup_peer_up{node="NODE3"} 0.0
                        """);
    }

    /** An alert about a node ends after the questions have ended. */
    @Test
    void aNodeThatIsNotAskedAnyMoreHasNoSeries() throws Exception {
        SampleQuestions.timedOut(records, "NODE3", clock.instant());
        clock.advance(Duration.ofMinutes(5));
        assertThat(scrape()).contains("csv_backup_peer_up{node=\"NODE3\"} 0.0");
        clock.advance(Duration.ofSeconds(1));
        assertThat(scrape()).doesNotContain("csv_backup_peer_up{");
        SampleQuestions.answered(records, "NODE3", clock.instant());
        assertThat(scrape()).contains("csv_backup_peer_up{node=\"NODE3\"} 1.0");
    }
}
