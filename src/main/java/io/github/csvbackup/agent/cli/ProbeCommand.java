package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.agent.options.Version;
import io.github.csvbackup.cluster.Finding;
import io.github.csvbackup.cluster.windows.Probe;
import io.github.csvbackup.json.Json;
import io.github.csvbackup.text.OutsideText;
import java.io.PrintStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

@Command(
        name = "probe",
        description = {
            "Prints what the agent can see of this node's cluster.",
            "It checks which functions and rights the agent has, and changes nothing."
        })
final class ProbeCommand implements Callable<Integer> {
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final PrintStream out;

    @Option(names = "--json", description = "Prints one JSON object, for a bug report")
    private boolean json;

    ProbeCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws StartException {
        TemporaryLibrary library = TemporaryLibrary.unpacked();
        try {
            List<Finding> findings = Probe.run(DEADLINE);
            if (json) {
                printJson(findings);
            } else {
                print(findings);
            }
            return failed(findings) ? ExitCode.SOFTWARE : ExitCode.OK;
        } finally {
            library.close();
        }
    }

    private void print(List<Finding> findings) {
        out.println("csv-backup-agent " + Version.text() + " probe: changes nothing");
        for (Finding finding : findings) {
            out.printf(
                    Locale.ROOT,
                    "%-7s  %s: %s%n",
                    finding.result(),
                    OutsideText.printable(finding.check()),
                    OutsideText.printable(finding.detail()));
            if (!finding.remedy().isEmpty()) {
                out.println("         " + finding.remedy());
            }
        }
        out.println(
                failed(findings)
                        ? "The agent cannot read the cluster from this machine."
                        : "The agent can watch this cluster. Lines marked WARNING or UNKNOWN name what it lacks.");
    }

    private void printJson(List<Finding> findings) {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("version", Version.text());
        report.put("findings", findings.stream().map(ProbeCommand::json).toList());
        out.println(Json.write(report));
    }

    private static Map<String, Object> json(Finding finding) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("check", finding.check());
        json.put("result", finding.result().name());
        json.put("detail", finding.detail());
        json.put("remedy", finding.remedy());
        return json;
    }

    private static boolean failed(List<Finding> findings) {
        return findings.stream().anyMatch(finding -> finding.result() == Finding.Result.FAILED);
    }
}
