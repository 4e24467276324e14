package io.github.csvbackup.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The complete scrape of a fixed scene, and the series that are withheld when a state is not known. */
class AgentMetricsTest {
    private static final String[] STATE_SERIES = {
        "csv_backup_in_progress{",
        "csv_backup_stale{",
        "csv_backup_state{",
        "csv_backup_volume_fault_state{",
        "csv_backup_verdict{",
        "csv_backup_in_progress_since_timestamp_seconds{",
        "csv_backup_observed_since_timestamp_seconds{",
        "csv_backup_volume_owned{"
    };
    private static final String WHOLE = """
            # HELP csv_backup_abandoned_detected_total Times this agent saw a stale state with all evidence against a live backup; do not sum over agents
            # TYPE csv_backup_abandoned_detected_total counter
            csv_backup_abandoned_detected_total{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume1"} 2.0
            csv_backup_abandoned_detected_total{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume10"} 0.0
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
            # HELP csv_backup_clear_requests_total Clear requests that this agent executed, by outcome; volume is empty for a path that is not on a volume
            # TYPE csv_backup_clear_requests_total counter
            csv_backup_clear_requests_total{backend="simulated",outcome="cleared",volume=""} 0.0
            csv_backup_clear_requests_total{backend="simulated",outcome="cleared",volume="C:\\\\ClusterStorage\\\\Volume1"} 1.0
            csv_backup_clear_requests_total{backend="simulated",outcome="cleared",volume="C:\\\\ClusterStorage\\\\Volume10"} 0.0
            csv_backup_clear_requests_total{backend="simulated",outcome="failed",volume=""} 2.0
            csv_backup_clear_requests_total{backend="simulated",outcome="failed",volume="C:\\\\ClusterStorage\\\\Volume1"} 0.0
            csv_backup_clear_requests_total{backend="simulated",outcome="failed",volume="C:\\\\ClusterStorage\\\\Volume10"} 0.0
            csv_backup_clear_requests_total{backend="simulated",outcome="not_cleared",volume=""} 0.0
            csv_backup_clear_requests_total{backend="simulated",outcome="not_cleared",volume="C:\\\\ClusterStorage\\\\Volume1"} 0.0
            csv_backup_clear_requests_total{backend="simulated",outcome="not_cleared",volume="C:\\\\ClusterStorage\\\\Volume10"} 0.0
            csv_backup_clear_requests_total{backend="simulated",outcome="nothing_to_clear",volume=""} 0.0
            csv_backup_clear_requests_total{backend="simulated",outcome="nothing_to_clear",volume="C:\\\\ClusterStorage\\\\Volume1"} 0.0
            csv_backup_clear_requests_total{backend="simulated",outcome="nothing_to_clear",volume="C:\\\\ClusterStorage\\\\Volume10"} 0.0
            csv_backup_clear_requests_total{backend="simulated",outcome="refused",volume=""} 0.0
            csv_backup_clear_requests_total{backend="simulated",outcome="refused",volume="C:\\\\ClusterStorage\\\\Volume1"} 3.0
            csv_backup_clear_requests_total{backend="simulated",outcome="refused",volume="C:\\\\ClusterStorage\\\\Volume10"} 0.0
            csv_backup_clear_requests_total{backend="simulated",outcome="unknown",volume=""} 0.0
            csv_backup_clear_requests_total{backend="simulated",outcome="unknown",volume="C:\\\\ClusterStorage\\\\Volume1"} 0.0
            csv_backup_clear_requests_total{backend="simulated",outcome="unknown",volume="C:\\\\ClusterStorage\\\\Volume10"} 0.0
            # HELP csv_backup_cluster_nodes Nodes of the cluster, in any state
            # TYPE csv_backup_cluster_nodes gauge
            csv_backup_cluster_nodes 2.0
            # HELP csv_backup_duration_seconds Duration of ended backup states
            # TYPE csv_backup_duration_seconds histogram
            csv_backup_duration_seconds_bucket{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume1",le="60.0"} 1
            csv_backup_duration_seconds_bucket{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume1",le="300.0"} 1
            csv_backup_duration_seconds_bucket{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume1",le="600.0"} 1
            csv_backup_duration_seconds_bucket{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume1",le="900.0"} 1
            csv_backup_duration_seconds_bucket{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume1",le="1800.0"} 1
            csv_backup_duration_seconds_bucket{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume1",le="3600.0"} 1
            csv_backup_duration_seconds_bucket{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume1",le="7200.0"} 1
            csv_backup_duration_seconds_bucket{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume1",le="14400.0"} 2
            csv_backup_duration_seconds_bucket{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume1",le="28800.0"} 2
            csv_backup_duration_seconds_bucket{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume1",le="86400.0"} 2
            csv_backup_duration_seconds_bucket{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume1",le="+Inf"} 2
            csv_backup_duration_seconds_count{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume1"} 2
            csv_backup_duration_seconds_sum{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume1"} 10860.0
            csv_backup_duration_seconds_bucket{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume10",le="60.0"} 0
            csv_backup_duration_seconds_bucket{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume10",le="300.0"} 0
            csv_backup_duration_seconds_bucket{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume10",le="600.0"} 0
            csv_backup_duration_seconds_bucket{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume10",le="900.0"} 0
            csv_backup_duration_seconds_bucket{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume10",le="1800.0"} 0
            csv_backup_duration_seconds_bucket{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume10",le="3600.0"} 0
            csv_backup_duration_seconds_bucket{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume10",le="7200.0"} 0
            csv_backup_duration_seconds_bucket{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume10",le="14400.0"} 0
            csv_backup_duration_seconds_bucket{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume10",le="28800.0"} 0
            csv_backup_duration_seconds_bucket{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume10",le="86400.0"} 0
            csv_backup_duration_seconds_bucket{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume10",le="+Inf"} 0
            csv_backup_duration_seconds_count{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume10"} 0
            csv_backup_duration_seconds_sum{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume10"} 0.0
            # HELP csv_backup_file_outdated_since_timestamp_seconds Since when the agent has used the previous content of a file because it cannot use the current content; 0 while the file is up to date
            # TYPE csv_backup_file_outdated_since_timestamp_seconds gauge
            csv_backup_file_outdated_since_timestamp_seconds{option="tls-keystore"} 0.0
            csv_backup_file_outdated_since_timestamp_seconds{option="users"} 1.7723304E9
            # HELP csv_backup_forced_clears_total Clears that overrode the guard
            # TYPE csv_backup_forced_clears_total counter
            csv_backup_forced_clears_total{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume1"} 1.0
            csv_backup_forced_clears_total{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume10"} 0.0
            # HELP csv_backup_http_rejections_total Rejected HTTP requests, by reason
            # TYPE csv_backup_http_rejections_total counter
            csv_backup_http_rejections_total{reason="token"} 1.0
            # HELP csv_backup_http_requests_total HTTP requests by handler and status code
            # TYPE csv_backup_http_requests_total counter
            csv_backup_http_requests_total{code="200",handler="metrics"} 1.0
            csv_backup_http_requests_total{code="401",handler="jolokia"} 2.0
            # HELP csv_backup_in_progress 1 while the backup state is set
            # TYPE csv_backup_in_progress gauge
            csv_backup_in_progress{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume1"} 1.0
            csv_backup_in_progress{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume10"} 0.0
            # HELP csv_backup_in_progress_since_timestamp_seconds When the state was first seen set; absent while it is not set
            # TYPE csv_backup_in_progress_since_timestamp_seconds gauge
            csv_backup_in_progress_since_timestamp_seconds{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume1"} 1.7723304E9
            # HELP csv_backup_last_successful_poll_timestamp_seconds End time of the last successful poll
            # TYPE csv_backup_last_successful_poll_timestamp_seconds gauge
            csv_backup_last_successful_poll_timestamp_seconds 1.772334E9
            # HELP csv_backup_observed_since_timestamp_seconds Since when the state has been seen set without a gap in polling; absent while it is not set
            # TYPE csv_backup_observed_since_timestamp_seconds gauge
            csv_backup_observed_since_timestamp_seconds{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume1"} 1.7723304005E9
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
            # HELP csv_backup_stale 1 while the state has been set for longer than stale-after
            # TYPE csv_backup_stale gauge
            csv_backup_stale{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume1"} 1.0
            csv_backup_stale{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume10"} 0.0
            # HELP csv_backup_stale_after_seconds Value of the option stale-after
            # TYPE csv_backup_stale_after_seconds gauge
            csv_backup_stale_after_seconds 1800.0
            # HELP csv_backup_stale_detected_total Times this agent saw the state become stale; do not sum over agents
            # TYPE csv_backup_stale_detected_total counter
            csv_backup_stale_detected_total{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume1"} 2.0
            csv_backup_stale_detected_total{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume10"} 0.0
            # HELP csv_backup_state Backup state, as the cluster's number
            # TYPE csv_backup_state gauge
            csv_backup_state{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume1"} 1.0
            csv_backup_state{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume10"} 0.0
            # HELP csv_backup_suspect_clears_total Clears after which a new shadow copy was found
            # TYPE csv_backup_suspect_clears_total counter
            csv_backup_suspect_clears_total{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume1"} 0.0
            csv_backup_suspect_clears_total{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume10"} 1.0
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
            # HELP csv_backup_unreadable_disks Shared disks that the last successful poll could not read; their volumes may be unknown
            # TYPE csv_backup_unreadable_disks gauge
            csv_backup_unreadable_disks 1.0
            # HELP csv_backup_verdict 1 for the guard's verdict at the last poll, 0 for the others
            # TYPE csv_backup_verdict gauge
            csv_backup_verdict{backend="simulated",verdict="ACTIVE",volume="C:\\\\ClusterStorage\\\\Volume1"} 0.0
            csv_backup_verdict{backend="simulated",verdict="ACTIVE",volume="C:\\\\ClusterStorage\\\\Volume10"} 0.0
            csv_backup_verdict{backend="simulated",verdict="CLEARABLE",volume="C:\\\\ClusterStorage\\\\Volume1"} 0.0
            csv_backup_verdict{backend="simulated",verdict="CLEARABLE",volume="C:\\\\ClusterStorage\\\\Volume10"} 0.0
            csv_backup_verdict{backend="simulated",verdict="IDLE",volume="C:\\\\ClusterStorage\\\\Volume1"} 0.0
            csv_backup_verdict{backend="simulated",verdict="IDLE",volume="C:\\\\ClusterStorage\\\\Volume10"} 1.0
            csv_backup_verdict{backend="simulated",verdict="RECENT",volume="C:\\\\ClusterStorage\\\\Volume1"} 0.0
            csv_backup_verdict{backend="simulated",verdict="RECENT",volume="C:\\\\ClusterStorage\\\\Volume10"} 0.0
            csv_backup_verdict{backend="simulated",verdict="UNPROVEN",volume="C:\\\\ClusterStorage\\\\Volume1"} 1.0
            csv_backup_verdict{backend="simulated",verdict="UNPROVEN",volume="C:\\\\ClusterStorage\\\\Volume10"} 0.0
            # HELP csv_backup_volume_info GUID name and resource of the volume
            # TYPE csv_backup_volume_info gauge
            csv_backup_volume_info{backend="simulated",resource="Cluster Disk 1",volume="C:\\\\ClusterStorage\\\\Volume1",volume_guid="\\\\\\\\?\\\\Volume{00000000-0000-0000-0000-000000000001}\\\\"} 1
            csv_backup_volume_info{backend="simulated",resource="Cluster Disk 10",volume="C:\\\\ClusterStorage\\\\Volume10",volume_guid="\\\\\\\\?\\\\Volume{00000000-0000-0000-0000-000000000010}\\\\"} 1
            # HELP csv_backup_volume_fault_state Fault state, as the cluster's number
            # TYPE csv_backup_volume_fault_state gauge
            csv_backup_volume_fault_state{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume1"} 0.0
            csv_backup_volume_fault_state{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume10"} 0.0
            # HELP csv_backup_volume_owned 1 if this agent's node owns the volume
            # TYPE csv_backup_volume_owned gauge
            csv_backup_volume_owned{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume1"} 1.0
            csv_backup_volume_owned{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume10"} 1.0
            # HELP csv_backup_volume_up 1 if the last poll read the volume
            # TYPE csv_backup_volume_up gauge
            csv_backup_volume_up{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume1"} 1.0
            csv_backup_volume_up{backend="simulated",volume="C:\\\\ClusterStorage\\\\Volume10"} 1.0
            """;
    private final Scene scene = new Scene();

    @Test
    void aScrapeIsThisText() {
        Exposition scrape = scene.metrics.scrape(null);
        assertThat(scrape.contentType()).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
        assertThat(scrape.text().toString()).isEqualTo(WHOLE);
    }

    @Test
    void openMetricsOnlyIfRequestedAndNeverProtobuf() {
        Exposition open = scene.metrics.scrape("application/openmetrics-text;version=1.0.0;q=0.8,text/plain;q=0.5");
        assertThat(open.contentType()).startsWith("application/openmetrics-text; version=1.0.0");
        assertThat(open.text().toString()).endsWith("# EOF\n").contains("# TYPE csv_backup_clear_requests counter");
        assertThat(scene.metrics.scrape("application/vnd.google.protobuf").contentType())
                .startsWith("text/plain");
    }

    @Test
    void statesAreWithheldWhenTheLastSuccessIsTooOldAndCountersStay() {
        scene.clock.advance(Duration.ofSeconds(60));
        assertThat(scene.metrics.scrape(null).text().toString()).contains(STATE_SERIES);
        scene.clock.advance(Duration.ofMillis(1));
        assertThat(scene.metrics.scrape(null).text().toString())
                .doesNotContain(STATE_SERIES)
                .contains("csv_backup_volume_up{backend=\"simulated\",volume=\"C:\\\\ClusterStorage\\\\Volume1\"} 0.0")
                .contains(
                        "csv_backup_stale_detected_total{backend=\"simulated\",volume=\"C:\\\\ClusterStorage\\\\Volume1\"} 2.0")
                .contains("csv_backup_last_successful_poll_timestamp_seconds 1.772334E9");
    }

    @Test
    void onlyTheVolumeThatCannotBeReadIsWithheld() {
        scene.volume10IsUnreadable();
        String text = scene.metrics.scrape(null).text().toString();
        for (String series : STATE_SERIES) {
            assertThat(text.lines().filter(line -> line.startsWith(series)))
                    .isNotEmpty()
                    .allMatch(line -> line.contains("Volume1\""));
        }
        assertThat(text)
                .contains(
                        "csv_backup_volume_up{backend=\"simulated\",volume=\"C:\\\\ClusterStorage\\\\Volume10\"} 0.0");
    }
}
