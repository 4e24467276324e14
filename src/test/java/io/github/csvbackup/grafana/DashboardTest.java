package io.github.csvbackup.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.grafana.Dashboard.Query;
import java.io.IOException;
import java.util.Map;
import org.json.simple.JSONObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The dashboard follows the rules of {@link DashboardLint}, and each rule detects a planted fault. */
class DashboardTest {
    @Test
    void theDashboardHasNoFault() throws IOException {
        assertThat(DashboardLint.faults(Dashboard.parse(Dashboard.text()))).isEmpty();
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "uid": "csv-backup-agent"                   | "uid": null                           | The uid is null
            "schemaVersion": 42                         | "schemaVersion": 36                   | The schema version is 36
            "fiscalYearStartMonth": 0                   | "__inputs": []                        | There are __inputs
            "fiscalYearStartMonth": 0                   | "id": 7                               | It has the id of a Grafana database
            "editable": false                           | "editable": true                      | It is editable
            "name": "volume",                           | "name": "disk",                       | The variables are [datasource, cluster, job, instance, disk]
            "label": "Cluster",                         | "label": "",                          | variable cluster has no label
            "multi": true,                              | "multi": false,                       | variable cluster does not allow several values
            "includeAll": true,                         | "includeAll": false,                  | variable cluster has no All
            "refresh": 2,                               | "refresh": 1,                         | variable cluster is not refreshed when the time range changes
            "allValue": "csv-backup-agent"              | "allValue": ""                        | variable job has no value for All while no agent responds
            "id": 3,                                    | "id": 2,                              | In progress: another panel has the same id
            "type": "row",                              | "type": "text",                       | Is anything stuck? is in no row
            "x": 5,                                     | "x": 4,                               | In progress overlaps another panel
            "x": 20,                                    | "x": 21,                              | Unwatched clusters overlaps another panel or the edge
            "description": "Volumes in the state Backup in Progress. Each volume counts once." | "description": " " | panel In progress has no description
            "unit": "short",                            | "unit": "",                           | panel Stale volumes has no unit
            "noValue": "none reported"                  | "noValue": ""                         | panel Oldest state has no text for an empty panel
            "noValue": "none reported"                  | "noValue": "none is set"              | panel Oldest state reports missing data as healthy: none is set
            "instant": true,                            | "instant": false,                     | panel Stale volumes shows the last value of the time range
            "range": false,                             | "range": true,                        | panel Stale volumes shows the last value of the time range
            "format": "heatmap"                         | "format": "heatmap", "interval": "2m" | ended states A sets its own minimum step
            "interval": "2m"                            | "interval": "30s"                     | ended states A counts an event in several points
            "decimals": 1,                              | "decimals": 0,                        | Requests to clear by outcome A rounds extrapolated values
            "refId": "B"                                | "refId": "A"                          | panel Duration quantiles in this time range uses a refId twice
            "uid": "${datasource}"                      | "uid": "prometheus"                   | does not use the variable datasource
            [$__rate_interval]                          | [5m]                                  | uses a rate over 5m
            volume=~\\"$volume\\"                       | volume=~\\"$disk\\"                   | uses the unknown variable disk
            1 - up{cluster=~\\"$cluster\\",             | 1 - up{                               | Agents not responding A does not follow the variable cluster
            csv_backup_forced_clears_total{              | csv_backup_forced_clears_total{volume=~\\"$volume\\", | Forced A selects a volume in a metric that has none
            sum by (backend) (cluster_backend_volume:csv_backup_stale:max | sum by (backend) (csv_backup_stale | Stale volumes A counts a volume once per agent
            """)
    void aPlantedFaultIsFound(String right, String wrong, String sentence) throws IOException {
        String text = Dashboard.text();
        int at = text.indexOf(right);
        assertThat(at).as("the dashboard has %s", right).isNotNegative();
        String planted = text.substring(0, at) + wrong + text.substring(at + right.length());

        assertThat(DashboardLint.faults(Dashboard.parse(planted))).anyMatch(fault -> fault.contains(sentence));
    }

    @Test
    void aPanelWithoutTargetIsFound() throws IOException {
        Dashboard dashboard = Dashboard.parse(Dashboard.text());
        Dashboard.objects(dashboard.json().get("panels")).forEach(panel -> panel.remove("targets"));

        assertThat(DashboardLint.faults(dashboard)).contains("panel Stale volumes has no target");
    }

    @Test
    void valuesAreFilledInAsGrafanaDoes() {
        Query query = new Query("", "a{volume=~\"$volume\"}[$__rate_interval]", new JSONObject(), new JSONObject());

        assertThat(query.with(Map.of("volume", ".*", "__rate_interval", "1m"))).isEqualTo("a{volume=~\".*\"}[1m]");
    }
}
