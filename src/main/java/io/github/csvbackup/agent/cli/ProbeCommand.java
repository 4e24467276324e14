package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.NativeLibrary;
import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.agent.options.Version;
import io.github.csvbackup.cluster.windows.Probe;
import io.github.csvbackup.files.FileRights;
import io.github.csvbackup.json.Json;
import io.github.csvbackup.text.OutsideText;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The command probe: prints what the agent can see of this machine's cluster. Changes nothing. */
final class ProbeCommand {
    private static final Logger LOG = LoggerFactory.getLogger(ProbeCommand.class);
    private static final String FOLDER = "csv-backup-probe-";
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private ProbeCommand() {}

    /**
     * Looks and prints.
     *
     * @param json whether to print one JSON object
     */
    static int run(boolean json, PrintStream out) throws StartException {
        Path folder = TemporaryFolder.create(FOLDER);
        try {
            NativeLibrary.unpackInto(folder, FileRights.of(folder).ofNewFile());
            List<Probe.Finding> findings = Probe.run(DEADLINE);
            if (json) {
                printJson(findings, out);
            } else {
                print(findings, out);
            }
            return failed(findings) ? CommandLine.FAILURE : CommandLine.OK;
        } catch (IOException e) {
            throw new StartException("JNA's native library cannot be put into " + folder + ": " + e + ".", e);
        } finally {
            deleteWhatCanBeDeleted();
        }
    }

    /** Windows keeps a library that is loaded: the next probe deletes what this one had to leave. */
    private static void deleteWhatCanBeDeleted() {
        try (DirectoryStream<Path> folders =
                Files.newDirectoryStream(Path.of(System.getProperty("java.io.tmpdir")), FOLDER + "*")) {
            for (Path folder : folders) {
                deleteQuietly(folder);
            }
        } catch (IOException e) {
            LOG.debug("The folder for temporary files cannot be listed", e);
        }
    }

    private static void deleteQuietly(Path folder) {
        try {
            TemporaryFolder.delete(folder);
        } catch (IOException e) {
            LOG.debug("{} stays until the next probe", folder, e);
        }
    }

    /** For people: one line a look, and what to do below it. */
    private static void print(List<Probe.Finding> findings, PrintStream out) {
        out.println("csv-backup-agent " + Version.text() + " probe: reads only, changes nothing");
        for (Probe.Finding finding : findings) {
            out.printf(
                    Locale.ROOT,
                    "%-5s  %s: %s%n",
                    finding.result(),
                    OutsideText.printable(finding.name()),
                    OutsideText.printable(finding.seen()));
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
    private static void printJson(List<Probe.Finding> findings, PrintStream out) {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("version", Version.text());
        report.put("findings", findings.stream().map(ProbeCommand::json).toList());
        out.println(Json.write(report));
    }

    private static Map<String, Object> json(Probe.Finding finding) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", finding.name());
        json.put("result", finding.result().name());
        json.put("seen", finding.seen());
        json.put("remedy", finding.remedy());
        return json;
    }

    private static boolean failed(List<Probe.Finding> findings) {
        return findings.stream().anyMatch(finding -> finding.result() == Probe.Result.FAILS);
    }
}
