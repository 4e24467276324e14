package io.github.csvbackup.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.stream.Collectors;

/**
 * A scrape of 1,000 volumes: when no volume changed since the last scrape, and when one did. Which is which the text shows: each second a backup
 * begins or ends.
 */
final class LargeScrapeRow implements Row {
    private static final int NODES = 3;
    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final Duration MEASURED = Duration.ofSeconds(10);
    private static final Duration A_CHANGE = Duration.ofSeconds(1);
    /** Rarer than as fast as it can: else each answer would wait for the collector of garbage. */
    private static final Duration BETWEEN = Duration.ofMillis(10);

    /** How often a backup of the measured host began or ended. */
    private int changes;

    @Override
    public void measure(Lab lab, String name) throws Exception {
        for (Jdk jdk : lab.jdks()) {
            changes = 0;
            Setup setup = Setup.agent(NODES, 1000).with("poll-interval=1s");
            try (Jvm jvm = lab.startReady(jdk, setup);
                    Connection connection = jvm.door().connect()) {
                Values quiet = new Values();
                scrapeFor(WARM_UP, jvm, connection, new Values(), new Values());
                Values changed = new Values();
                scrapeFor(MEASURED, jvm, connection, quiet, changed);
                Report report = lab.report();
                report.line(name, jdk, "scrape p50, 1,000 volumes, none changed", "3 ms")
                        .is(quiet, Unit.MILLIS);
                report.line(name, jdk, "scrape p50, 1,000 volumes, one changed", "25 ms")
                        .is(changed, Unit.MILLIS);
            }
        }
    }

    private void scrapeFor(Duration time, Jvm jvm, Connection connection, Values quiet, Values changed)
            throws IOException {
        long begun = System.nanoTime();
        int before = changes;
        int seen = 0;
        while (System.nanoTime() - begun < time.toNanos()) {
            if (System.nanoTime() - begun > A_CHANGE.toNanos() * (changes - before)) {
                change(jvm, changes++);
            }
            long asked = System.nanoTime();
            Answer answer = connection.scrape("/metrics");
            double millis = (System.nanoTime() - asked) / 1e6;
            if (answer.status() != 200) {
                throw new IOException("/metrics answered " + answer.status());
            }
            int volumes = ofVolumes(answer.text());
            (volumes == seen ? quiet : changed).add(millis);
            seen = volumes;
            Lab.pause(BETWEEN);
        }
    }

    private static void change(Jvm jvm, int number) throws IOException {
        // Each third volume is owned by the agent's node, and only those are read at each poll.
        String volume = "C:\\ClusterStorage\\Volume" + (1 + NODES * (number / 2));
        String told = number % 2 == 0
                ? jvm.ask("invoke", Lab.SIMULATION, "startBackup", volume, "NODE1")
                : jvm.ask("invoke", Lab.SIMULATION, "completeBackup", volume);
        if (told.startsWith("failed")) {
            throw new IOException(told);
        }
    }

    private static int ofVolumes(String text) {
        return text.lines()
                .filter(line -> line.contains("volume=\""))
                .collect(Collectors.joining("\n"))
                .hashCode();
    }
}
