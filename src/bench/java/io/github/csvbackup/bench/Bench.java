package io.github.csvbackup.bench;

import io.github.csvbackup.agent.SaveUnchangedBenchmark;
import io.github.csvbackup.clear.ClearBenchmark;
import io.github.csvbackup.cluster.windows.VolumeListBenchmark;
import io.github.csvbackup.guard.GuardBenchmark;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures the packaged agent beside its peers, prints a table, and writes it into a document if all rows were measured. It asserts nothing: people
 * compare the ratios with the goals.
 */
public final class Bench {
    /** Which rows to measure, separated by commas; all if it is empty. */
    private static final String ROWS = "bench.rows";
    /** Homes of JDKs, separated by commas; if it is empty, the JDK of this program and a newer one. */
    private static final String JDKS = "bench.jdks";

    private static final String SLOW_CLIENTS = "slow-clients";

    private Bench() {}

    private static Map<String, Row> rows() {
        Map<String, Row> rows = new LinkedHashMap<>();
        rows.put("size-3x3", new SizeRow(3, 3, false, ""));
        rows.put("size-3x1000", new SizeRow(3, 1000, false, "10,000 samples, 1 MB"));
        rows.put("size-64x1000", new SizeRow(64, 1000, false, "10,000 samples, 1 MB"));
        rows.put("size-64x1000-refs", new SizeRow(64, 1000, true, "11,000 samples, 1.1 MB"));
        rows.put("scrape-3", new SmallScrapeRow());
        rows.put("scrape-1000", new LargeScrapeRow());
        rows.put("connections", new ConnectionsRow());
        rows.put("small-heap", new SmallHeapRow());
        rows.put("poll", new PollRow());
        rows.put("start-delay", new StartDelayRow());
        rows.put("first-metrics", FirstAnswerRow.metrics());
        rows.put("first-jolokia", FirstAnswerRow.jolokia());
        rows.put("first-volumes", FirstAnswerRow.volumes());
        rows.put("jolokia", new JolokiaRow());
        rows.put("tls", new TlsRow());
        rows.put("peers", new PeersRow());
        rows.put("parse", new MicroRow(VolumeListBenchmark.class, true, "parsing the answer for one volume", "1 us"));
        rows.put("guard", new MicroRow(GuardBenchmark.class, true, "an assessment at 64 nodes", ""));
        rows.put(
                "clear",
                new MicroRow(ClearBenchmark.class, false, "a clear without the native call and the flush", "200 us"));
        rows.put(
                "save",
                new MicroRow(
                        SaveUnchangedBenchmark.class,
                        true,
                        "saving unchanged state, 1,000 volumes",
                        "nothing written"));
        rows.put("growth", new GrowthRow());
        // Its hosts run meanwhile.
        rows.put("idle", new IdleRow());
        return rows;
    }

    /** The argument is the document. */
    public static void main(String[] args) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        List<String> wanted = words(ROWS);
        if (wanted.contains(SLOW_CLIENTS)) {
            SlowClientsBench.main(args);
            wanted.remove(SLOW_CLIENTS);
            if (wanted.isEmpty()) {
                return;
            }
        }
        Map<String, Row> rows;
        List<Jdk> jdks;
        try {
            rows = chosen(wanted);
            jdks = jdks();
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        double busy = Machine.busyPercentAfterTheBuild();
        out.println("Measures " + String.join(", ", rows.keySet()) + ". " + Machine.description(jdks));
        if (!Machine.isIdle(busy)) {
            out.println("The machine is not idle (" + Unit.PERCENT.text(busy) + " busy): the figures are not final.");
        }
        Report report = new Report(out);
        boolean complete = measure(rows, jdks, report);
        out.println();
        out.print(Tables.of(Report.HEADINGS, report.results()));
        if (!report.growth().isEmpty()) {
            out.println();
            out.print(Tables.of(GrowthRow.HEADINGS, report.growth()));
        }
        if (!complete) {
            out.println("Not all rows could be measured; " + args[0] + " stays as it is.");
            System.exit(1);
        }
        if (wanted.isEmpty()) {
            Document.write(Path.of(args[0]), jdks, busy, report);
            out.println("Written to " + args[0]);
        }
        System.exit(0);
    }

    private static boolean measure(Map<String, Row> rows, List<Jdk> jdks, Report report) throws IOException {
        Lab lab = new Lab(
                Path.of(System.getProperty("csvbackup.agent.jar")),
                Path.of(System.getProperty("bench.peers")),
                jdks,
                report);
        boolean complete = true;
        for (Row row : rows.values()) {
            try {
                row.prepare(lab);
            } catch (Exception e) {
                complete = false;
                report.say("a row could not be prepared: " + e);
            }
        }
        for (Map.Entry<String, Row> row : rows.entrySet()) {
            long begun = System.nanoTime();
            try {
                row.getValue().measure(lab, row.getKey());
            } catch (Exception e) {
                complete = false;
                report.say(row.getKey() + " could not be measured: " + e);
            }
            report.say("# " + row.getKey() + ": "
                    + Duration.ofNanos(System.nanoTime() - begun).toSeconds() + " s");
        }
        lab.close();
        return complete;
    }

    private static Map<String, Row> chosen(List<String> wanted) {
        Map<String, Row> rows = rows();
        for (String name : wanted) {
            if (!rows.containsKey(name)) {
                throw new IllegalArgumentException("-D" + ROWS + ": there is no row \"" + name + "\"; use "
                        + String.join(", ", rows.keySet()) + ", " + SLOW_CLIENTS + ", separated by commas.");
            }
        }
        if (!wanted.isEmpty()) {
            rows.keySet().retainAll(wanted);
        }
        return rows;
    }

    private static List<Jdk> jdks() throws IOException {
        List<String> homes = words(JDKS);
        return homes.isEmpty()
                ? Jdk.found()
                : homes.stream().map(Path::of).map(Jdk::at).toList();
    }

    private static List<String> words(String property) {
        return new ArrayList<>(Arrays.stream(System.getProperty(property, "").split(",", -1))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .toList());
    }
}
