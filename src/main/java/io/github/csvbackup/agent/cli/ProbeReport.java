package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.options.Version;
import io.github.csvbackup.cluster.windows.Probe;
import io.github.csvbackup.json.Json;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the command probe prints. */
final class ProbeReport {
    private ProbeReport() {}

    /** For people: one line a look, and what to do below it. */
    static void print(List<Probe.Finding> findings, PrintStream out) {
        out.println("csv-backup-agent " + Version.text() + " probe: reads only, changes nothing");
        for (Probe.Finding finding : findings) {
            out.printf("%-5s  %s: %s%n", finding.result(), finding.name(), finding.seen());
            if (!finding.remedy().isEmpty()) {
                out.println("       " + finding.remedy());
            }
        }
        out.println(
                failed(findings)
                        ? "The agent sees no cluster from here."
                        : "The agent can watch this cluster; each line LACKS is something that stays unknown to it.");
    }

    /** For a report of a defect: one JSON object on one line. */
    static void printJson(List<Probe.Finding> findings, PrintStream out) {
        out.println(Json.write(Map.of(
                "version",
                Version.text(),
                "findings",
                findings.stream().map(ProbeReport::json).toList())));
    }

    private static Map<String, Object> json(Probe.Finding finding) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", finding.name());
        json.put("result", finding.result().name());
        json.put("seen", finding.seen());
        json.put("remedy", finding.remedy());
        return json;
    }

    static boolean failed(List<Probe.Finding> findings) {
        return findings.stream().anyMatch(finding -> finding.result() == Probe.Result.FAILS);
    }
}
