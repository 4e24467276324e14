package io.github.csvbackup.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.FaultState;
import io.github.csvbackup.cluster.VolumeIoState;
import io.github.csvbackup.text.PiecedText;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The complete scrape of a fixed scene, and the series that are withheld when a state is not known. */
class AgentMetricsTest {
    private static final String[] STATE_SERIES = {
        "csv_backup_in_progress{",
        "csv_backup_stale{",
        "csv_backup_verdict{",
        "csv_backup_in_progress_since_timestamp_seconds{",
        "csv_backup_observed_since_timestamp_seconds{",
        "csv_backup_volume_owned{",
        "csv_backup_volume_nodes_not_direct{"
    };
    private static final String VOLUME1 = "{backend=\"simulated\",volume=\"C:\\\\ClusterStorage\\\\Volume1\"} ";
    private static final String VOLUME10 = "{backend=\"simulated\",volume=\"C:\\\\ClusterStorage\\\\Volume10\"} ";
    private static final String WHOLE = """
            # HELP csv_backup_abandoned_detected_total Times this agent saw a stale state with all evidence against a live backup; do not sum over agents
            # TYPE csv_backup_abandoned_detected_total counter
            csv_backup_abandoned_detected_total{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume1"} 2.0
            csv_backup_abandoned_detected_total{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume10"} 0.0
            # HELP csv_backup_clear_requests_total Clear requests that this agent executed, by outcome
            # TYPE csv_backup_clear_requests_total counter
            csv_backup_clear_requests_total{backend="simulated",outcome="cleared"} 1.0
            csv_backup_clear_requests_total{backend="simulated",outcome="failed"} 2.0
            csv_backup_clear_requests_total{backend="simulated",outcome="not_cleared"} 0.0
            csv_backup_clear_requests_total{backend="simulated",outcome="nothing_to_clear"} 0.0
            csv_backup_clear_requests_total{backend="simulated",outcome="refused"} 3.0
            csv_backup_clear_requests_total{backend="simulated",outcome="unknown"} 0.0
            # HELP csv_backup_duration_seconds Duration of ended backup states that this agent saw, of any volume; do not sum over agents
            # TYPE csv_backup_duration_seconds histogram
            csv_backup_duration_seconds_bucket{backend="simulated",le="60.0"} 1
            csv_backup_duration_seconds_bucket{backend="simulated",le="300.0"} 1
            csv_backup_duration_seconds_bucket{backend="simulated",le="600.0"} 1
            csv_backup_duration_seconds_bucket{backend="simulated",le="900.0"} 1
            csv_backup_duration_seconds_bucket{backend="simulated",le="1800.0"} 1
            csv_backup_duration_seconds_bucket{backend="simulated",le="3600.0"} 1
            csv_backup_duration_seconds_bucket{backend="simulated",le="7200.0"} 1
            csv_backup_duration_seconds_bucket{backend="simulated",le="14400.0"} 2
            csv_backup_duration_seconds_bucket{backend="simulated",le="28800.0"} 2
            csv_backup_duration_seconds_bucket{backend="simulated",le="86400.0"} 2
            csv_backup_duration_seconds_bucket{backend="simulated",le="+Inf"} 2
            csv_backup_duration_seconds_count{backend="simulated"} 2
            csv_backup_duration_seconds_sum{backend="simulated"} 10860.0
            # HELP csv_backup_forced_clears_total Clears by this agent that overrode the guard
            # TYPE csv_backup_forced_clears_total counter
            csv_backup_forced_clears_total{backend="simulated"} 1.0
            # HELP csv_backup_in_progress 1 while the backup state is set
            # TYPE csv_backup_in_progress gauge
            csv_backup_in_progress{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume1"} 1.0
            csv_backup_in_progress{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume10"} 0.0
            # HELP csv_backup_in_progress_since_timestamp_seconds When the state was first seen set; absent while it is not set
            # TYPE csv_backup_in_progress_since_timestamp_seconds gauge
            csv_backup_in_progress_since_timestamp_seconds{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume1"} 1.7723304E9
            # HELP csv_backup_last_clear_timestamp_seconds When the last clear request with this outcome that this agent executed ended; absent if none did
            # TYPE csv_backup_last_clear_timestamp_seconds gauge
            csv_backup_last_clear_timestamp_seconds{backend="simulated",outcome="cleared",volume="C:\\\\ClusterStorage\\\\Volume1"} 1.7723334E9
            csv_backup_last_clear_timestamp_seconds{backend="simulated",outcome="refused",volume="C:\\\\ClusterStorage\\\\Volume1"} 1.7723328E9
            # HELP csv_backup_last_duration_seconds How long the last ended backup state lasted; absent if none was seen to end
            # TYPE csv_backup_last_duration_seconds gauge
            csv_backup_last_duration_seconds{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume1"} 10800.0
            # HELP csv_backup_last_forced_clear_timestamp_seconds When this agent last made a clear that overrode the guard; absent if never
            # TYPE csv_backup_last_forced_clear_timestamp_seconds gauge
            csv_backup_last_forced_clear_timestamp_seconds{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume1"} 1.7723334E9
            # HELP csv_backup_last_suspect_clear_timestamp_seconds When this agent last found a new shadow copy after one of its clears; absent if never
            # TYPE csv_backup_last_suspect_clear_timestamp_seconds gauge
            csv_backup_last_suspect_clear_timestamp_seconds{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume10"} 1.7723337E9
            # HELP csv_backup_node_redirected_volumes Volumes for which this agent's node does not use direct I/O for this reason; absent if not known
            # TYPE csv_backup_node_redirected_volumes gauge
            csv_backup_node_redirected_volumes{backend="simulated",reason="bitlocker"} 0.0
            csv_backup_node_redirected_volumes{backend="simulated",reason="file_system_filter"} 0.0
            csv_backup_node_redirected_volumes{backend="simulated",reason="no_disk_connectivity"} 0.0
            csv_backup_node_redirected_volumes{backend="simulated",reason="refs"} 0.0
            csv_backup_node_redirected_volumes{backend="simulated",reason="replication"} 0.0
            csv_backup_node_redirected_volumes{backend="simulated",reason="storage_space_not_attached"} 0.0
            csv_backup_node_redirected_volumes{backend="simulated",reason="tiering"} 0.0
            csv_backup_node_redirected_volumes{backend="simulated",reason="unknown"} 0.0
            csv_backup_node_redirected_volumes{backend="simulated",reason="user_request"} 0.0
            csv_backup_node_redirected_volumes{backend="simulated",reason="volume_filter"} 0.0
            # HELP csv_backup_observed_since_timestamp_seconds Since when the state has been seen set without a gap in polling; absent while it is not set
            # TYPE csv_backup_observed_since_timestamp_seconds gauge
            csv_backup_observed_since_timestamp_seconds{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume1"} 1.7723304005E9
            # HELP csv_backup_stale 1 while the state has been set for longer than stale-after
            # TYPE csv_backup_stale gauge
            csv_backup_stale{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume1"} 1.0
            csv_backup_stale{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume10"} 0.0
            # HELP csv_backup_stale_detected_total Times this agent saw the state become stale; do not sum over agents
            # TYPE csv_backup_stale_detected_total counter
            csv_backup_stale_detected_total{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume1"} 2.0
            csv_backup_stale_detected_total{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume10"} 0.0
            # HELP csv_backup_suspect_clears_total Clears by this agent after which a new shadow copy was found
            # TYPE csv_backup_suspect_clears_total counter
            csv_backup_suspect_clears_total{backend="simulated"} 1.0
            # HELP csv_backup_verdict The guard's verdict at the last poll: 0 IDLE, 1 CLEARABLE, 2 RECENT, 3 UNPROVEN, 4 ACTIVE; ACTIVE counts from any agent, every other verdict from the agent whose node owns the volume
            # TYPE csv_backup_verdict gauge
            csv_backup_verdict{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume1"} 3.0
            csv_backup_verdict{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume10"} 0.0
            # HELP csv_backup_volume_info GUID name and resource of the volume
            # TYPE csv_backup_volume_info gauge
            csv_backup_volume_info{backend="simulated",resource="Cluster Disk 1",volume="C:\\\\ClusterStorage\\\\Volume1",volume_guid="\\\\\\\\?\\\\Volume{00000000-0000-0000-0000-000000000001}\\\\"} 1
            csv_backup_volume_info{backend="simulated",resource="Cluster Disk 10",volume="C:\\\\ClusterStorage\\\\Volume10",volume_guid="\\\\\\\\?\\\\Volume{00000000-0000-0000-0000-000000000010}\\\\"} 1
            # HELP csv_backup_volume_nodes_not_direct Nodes that do not use direct I/O; absent if not known
            # TYPE csv_backup_volume_nodes_not_direct gauge
            csv_backup_volume_nodes_not_direct{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume1"} 1.0
            csv_backup_volume_nodes_not_direct{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume10"} 0.0
            # HELP csv_backup_volume_owned 1 if this agent's node owns the volume
            # TYPE csv_backup_volume_owned gauge
            csv_backup_volume_owned{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume1"} 1.0
            csv_backup_volume_owned{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume10"} 0.0
            # HELP csv_backup_volume_redirected_nodes Nodes that do not use direct I/O for this reason; absent if none; a backup is never a reason
            # TYPE csv_backup_volume_redirected_nodes gauge
            csv_backup_volume_redirected_nodes{backend="simulated",reason="no_disk_connectivity",volume="C:\\\\ClusterStorage\\\\Volume1"} 1.0
            # HELP csv_backup_volume_up 1 if the agent could read the volume when it last tried
            # TYPE csv_backup_volume_up gauge
            csv_backup_volume_up{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume1"} 1.0
            csv_backup_volume_up{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume10"} 1.0
            # HELP csv_backup_volumes Volumes that this agent knows, owned or not: all, and those in a state; unreadable also counts each disk whose volumes are not known, and unknown counts only these
            # TYPE csv_backup_volumes gauge
            csv_backup_volumes{backend="simulated",state="abandoned"} 0.0
            csv_backup_volumes{backend="simulated",state="all"} 2.0
            csv_backup_volumes{backend="simulated",state="in_progress"} 1.0
            csv_backup_volumes{backend="simulated",state="stale"} 1.0
            csv_backup_volumes{backend="simulated",state="unknown"} 1.0
            csv_backup_volumes{backend="simulated",state="unreadable"} 1.0
            # HELP csv_backup_agent_info Version and backend of the agent, and the cluster and node it runs on
            # TYPE csv_backup_agent_info gauge
            csv_backup_agent_info{backend="simulated",cluster_name="CLUSTER",node_name="NODE1",version="1.2.3"} 1
            # HELP csv_backup_agent_start_timestamp_seconds When the agent started
            # TYPE csv_backup_agent_start_timestamp_seconds gauge
            csv_backup_agent_start_timestamp_seconds 1.7723268E9
            # HELP csv_backup_audit_lines Number of the newest audit line
            # TYPE csv_backup_audit_lines gauge
            csv_backup_audit_lines 12.0
            # HELP csv_backup_audit_mismatches_total Audit lines that report a change not made by the agent
            # TYPE csv_backup_audit_mismatches_total counter
            csv_backup_audit_mismatches_total 1.0
            # HELP csv_backup_certificate_not_after_timestamp_seconds When the certificate of the agent's HTTPS server expires
            # TYPE csv_backup_certificate_not_after_timestamp_seconds gauge
            csv_backup_certificate_not_after_timestamp_seconds 1.77579E9
            # HELP csv_backup_cluster_nodes Nodes of the cluster, in any state
            # TYPE csv_backup_cluster_nodes gauge
            csv_backup_cluster_nodes 2.0
            # HELP csv_backup_file_outdated_since_timestamp_seconds Since when the agent has used the previous content of a file because it cannot use the current content; 0 while the file is up to date
            # TYPE csv_backup_file_outdated_since_timestamp_seconds gauge
            csv_backup_file_outdated_since_timestamp_seconds{option="tls-keystore"} 0.0
            csv_backup_file_outdated_since_timestamp_seconds{option="users"} 1.7723304E9
            # HELP csv_backup_http_rejections_total Rejected HTTP requests, by reason
            # TYPE csv_backup_http_rejections_total counter
            csv_backup_http_rejections_total{reason="token"} 1.0
            # HELP csv_backup_http_requests_total HTTP requests by handler and status code
            # TYPE csv_backup_http_requests_total counter
            csv_backup_http_requests_total{code="200",handler="metrics"} 1.0
            csv_backup_http_requests_total{code="401",handler="jolokia"} 2.0
            # HELP csv_backup_last_successful_poll_timestamp_seconds End time of the last successful poll
            # TYPE csv_backup_last_successful_poll_timestamp_seconds gauge
            csv_backup_last_successful_poll_timestamp_seconds 1.772334E9
            # HELP csv_backup_poll_duration_seconds Duration of polls
            # TYPE csv_backup_poll_duration_seconds summary
            csv_backup_poll_duration_seconds_count 1
            csv_backup_poll_duration_seconds_sum 0.25
            # HELP csv_backup_poll_failures_total Failed polls
            # TYPE csv_backup_poll_failures_total counter
            csv_backup_poll_failures_total 4.0
            # HELP csv_backup_polls_total Polls, including failed ones
            # TYPE csv_backup_polls_total counter
            csv_backup_polls_total 100.0
            # HELP csv_backup_stale_after_seconds Value of the option stale-after
            # TYPE csv_backup_stale_after_seconds gauge
            csv_backup_stale_after_seconds 1800.0
            # HELP csv_backup_thread_failures_total Unexpected failures that a thread of the agent survived; each is a bug or a lack of memory
            # TYPE csv_backup_thread_failures_total counter
            csv_backup_thread_failures_total{thread="csv-backup-supervisor"} 0.0
            # HELP csv_backup_thread_restarts_total Times a thread of the agent died and was restarted
            # TYPE csv_backup_thread_restarts_total counter
            csv_backup_thread_restarts_total{thread="csv-backup-supervisor"} 0.0
            # HELP csv_backup_unchecked_clears_total Clears after which at least one node did not list its shadow copies; see the audit
            # TYPE csv_backup_unchecked_clears_total counter
            csv_backup_unchecked_clears_total 2.0
            # HELP csv_backup_unfinished_clears Clear intents without an outcome
            # TYPE csv_backup_unfinished_clears gauge
            csv_backup_unfinished_clears 1.0
            """;
    private final Scene scene = new Scene();

    @Test
    void aScrapeIsThisText() {
        assertThat(ScrapeFormat.PLAIN.contentType()).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
        assertThat(scene.metrics.scrape(ScrapeFormat.PLAIN).toString()).isEqualTo(WHOLE);
    }

    @Test
    void openMetricsOnlyIfRequestedAndNeverProtobuf() {
        ScrapeFormat open = ScrapeFormat.of("application/openmetrics-text;version=1.0.0;q=0.8,text/plain;q=0.5", null);
        assertThat(open.contentType()).startsWith("application/openmetrics-text; version=1.0.0");
        assertThat(scene.metrics.scrape(open).toString())
                .endsWith("\n# EOF\n")
                .containsOnlyOnce("# EOF")
                .contains("# TYPE csv_backup_clear_requests counter");
        assertThat(ScrapeFormat.of("application/vnd.google.protobuf", null).contentType())
                .startsWith("text/plain");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void gzipIsOneMemberWithTheSameText(boolean openMetrics) throws IOException {
        byte[] sent = bytes(scene.metrics.scrape(new ScrapeFormat(openMetrics, true)));
        ByteArrayInputStream file = new ByteArrayInputStream(sent);
        try (GZIPInputStream gzip = new GZIPInputStream(file)) {
            assertThat(new String(gzip.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo(scene.metrics
                            .scrape(new ScrapeFormat(openMetrics, false))
                            .toString());
        }
        assertThat(file.available()).as("bytes after the member").isZero();
        assertThat(sent.length).isLessThan(WHOLE.length() / 3);
    }

    private static byte[] bytes(PiecedText text) {
        ByteBuffer all = ByteBuffer.allocate((int) text.length());
        for (int i = 0; i < text.pieces(); i++) {
            all.put(text.piece(i));
        }
        return all.array();
    }

    @Test
    void statesAreWithheldWhenTheLastSuccessIsTooOldAndCountersStay() {
        scene.clock.advance(Duration.ofSeconds(60));
        assertThat(scene.metrics.scrape(ScrapeFormat.PLAIN).toString()).contains(STATE_SERIES);
        scene.clock.advance(Duration.ofMillis(1));
        assertThat(scene.metrics.scrape(ScrapeFormat.PLAIN).toString())
                .doesNotContain(STATE_SERIES)
                .contains("csv_backup_volume_up{backend=\"simulated\",volume=\"C:\\\\ClusterStorage\\\\Volume1\"} 0.0")
                .contains(
                        "csv_backup_stale_detected_total{backend=\"simulated\",volume=\"C:\\\\ClusterStorage\\\\Volume1\"} 2.0",
                        "csv_backup_last_suspect_clear_timestamp_seconds" + VOLUME10,
                        "csv_backup_volumes{backend=\"simulated\",state=\"all\"} 2.0",
                        "csv_backup_volumes{backend=\"simulated\",state=\"in_progress\"} 0.0",
                        "csv_backup_volumes{backend=\"simulated\",state=\"unreadable\"} 3.0")
                .contains("csv_backup_last_successful_poll_timestamp_seconds 1.772334E9");
    }

    @Test
    void onlyTheVolumeThatCannotBeReadIsWithheld() {
        scene.volume10IsUnreadable();
        String text = scrape();
        for (String series : STATE_SERIES) {
            if (!series.equals("csv_backup_volume_nodes_not_direct{")) {
                assertThat(text.lines().filter(line -> line.startsWith(series)))
                        .isNotEmpty()
                        .allMatch(line -> line.contains("Volume1\""));
            }
        }
        assertThat(text)
                .as("how nodes access it was read separately")
                .contains("csv_backup_volume_nodes_not_direct" + VOLUME10 + "0.0")
                .contains("csv_backup_volume_up" + VOLUME10 + "0.0")
                .contains("csv_backup_volumes{backend=\"simulated\",state=\"unreadable\"} 2.0");
    }

    /** It is read once a minute, so it counts as read for three minutes. */
    @Test
    void aVolumeThatWasNotReadForThreeReadsIsWithheldThoughPollsSucceed() {
        scene.polledAfter(Duration.ofMinutes(3));
        assertThat(scrape())
                .contains("csv_backup_volume_up" + VOLUME10 + "1.0", "csv_backup_volume_nodes_not_direct" + VOLUME10);
        scene.polledAfter(Duration.ofMillis(1));
        assertThat(scrape())
                .contains("csv_backup_volume_up" + VOLUME10 + "0.0")
                .doesNotContain("csv_backup_in_progress" + VOLUME10)
                .doesNotContain("csv_backup_volume_nodes_not_direct{", "csv_backup_node_redirected_volumes");
    }

    @Test
    void numbersThatAreNotUsualHaveSeries() {
        scene.volume10Reports(new BackupState(7), FaultState.IN_MAINTENANCE);
        assertThat(scrape())
                .contains("csv_backup_state" + VOLUME10 + "7.0", "csv_backup_volume_fault_state" + VOLUME10 + "4.0")
                .doesNotContain("csv_backup_state" + VOLUME1, "csv_backup_volume_fault_state" + VOLUME1);
    }

    /** On Windows Server 2008 R2, which does not report I/O states, the fault state is the only sign. */
    @Test
    void noDirectIoIsAFaultStateOnlyWhereTheNodesStatesAreNotKnown() {
        scene.volume10Reports(BackupState.NONE, FaultState.NO_DIRECT_IO);
        assertThat(scrape()).doesNotContain("csv_backup_volume_fault_state{");
        scene.ioIsUnknown();
        assertThat(scrape())
                .contains("csv_backup_volume_fault_state" + VOLUME10 + "1.0")
                .doesNotContain("csv_backup_volume_nodes_not_direct{", "csv_backup_node_redirected_volumes");
    }

    @Test
    void nodesAreCountedByReasonAndState() {
        scene.ioOfVolume10(
                new VolumeIoState("", "", "NODE1", VolumeIoState.FILE_SYSTEM_REDIRECTED, 0x21, 4),
                new VolumeIoState("", "", "NODE2", VolumeIoState.BLOCK_REDIRECTED, 0, 0),
                new VolumeIoState("", "", "NODE3", VolumeIoState.PAUSED, 0, 0),
                new VolumeIoState("", "", "NODE4", VolumeIoState.UNAVAILABLE, 0x40, 1),
                new VolumeIoState("", "", "NODE4", VolumeIoState.UNAVAILABLE, 0x40, 1),
                new VolumeIoState("", "", "NODE5", 9, 0, 0),
                new VolumeIoState("", "", "NODE6", VolumeIoState.DIRECT, 1, 0));
        assertThat(scrape().lines().filter(line -> line.contains("odes") && line.contains("Volume10\"")))
                .containsExactly(
                        "csv_backup_volume_nodes" + of("state", "paused") + "1.0",
                        "csv_backup_volume_nodes" + of("state", "unavailable") + "1.0",
                        "csv_backup_volume_nodes_not_direct" + VOLUME10 + "5.0",
                        "csv_backup_volume_redirected_nodes" + of("reason", "no_disk_connectivity") + "1.0",
                        "csv_backup_volume_redirected_nodes" + of("reason", "refs") + "1.0",
                        "csv_backup_volume_redirected_nodes" + of("reason", "replication") + "1.0",
                        "csv_backup_volume_redirected_nodes" + of("reason", "unknown") + "2.0",
                        "csv_backup_volume_redirected_nodes" + of("reason", "user_request") + "1.0");
        assertThat(scrape().lines().filter(line -> line.startsWith("csv_backup_node_") && !line.endsWith(" 0.0")))
                .containsExactly(
                        "csv_backup_node_redirected_volumes{backend=\"simulated\",reason=\"refs\"} 1.0",
                        "csv_backup_node_redirected_volumes{backend=\"simulated\",reason=\"replication\"} 1.0",
                        "csv_backup_node_redirected_volumes{backend=\"simulated\",reason=\"user_request\"} 1.0");
    }

    private static String of(String label, String value) {
        return VOLUME10.replace("\",volume", "\"," + label + "=\"" + value + "\",volume");
    }

    /** A node that restarts for ten minutes makes no volume unavailable. */
    @Test
    void nodesThatAreDownDoNotCount() {
        scene.nodeIsDown("NODE2");
        assertThat(scrape())
                .contains("csv_backup_volume_nodes_not_direct" + VOLUME1 + "0.0")
                .doesNotContain("csv_backup_volume_redirected_nodes");
    }

    @Test
    void withOwnedOnlyVolumesOfThisNodeHaveSeriesAndAllAreCounted() {
        String text = new Scene(true).metrics.scrape(ScrapeFormat.PLAIN).toString();
        assertThat(text.lines().filter(line -> line.contains("Volume10\"")))
                .as("only this agent knows its clears")
                .containsExactly("csv_backup_last_suspect_clear_timestamp_seconds" + VOLUME10 + "1.7723337E9");
        for (String series : STATE_SERIES) {
            assertThat(text).contains(series);
        }
        assertThat(text)
                .contains("csv_backup_volumes{backend=\"simulated\",state=\"all\"} 2.0")
                .contains("csv_backup_volume_up" + VOLUME1 + "1.0");
    }

    private String scrape() {
        return scene.metrics.scrape(ScrapeFormat.PLAIN).toString();
    }
}
