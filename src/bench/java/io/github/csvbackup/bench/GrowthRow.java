package io.github.csvbackup.bench;

import io.github.csvbackup.watch.PollBenchmark;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** How scrape, poll and memory grow over volumes and nodes: a table of its own. */
final class GrowthRow implements Row {
    static final List<String> HEADINGS = List.of(
            "nodes",
            "volumes",
            "samples",
            "text",
            "sent",
            "scrape p50",
            "a poll takes",
            "a poll allocates",
            "heap right after load");

    private static final int[][] SIZES = {{3, 3}, {3, 10}, {3, 100}, {3, 1000}, {16, 100}, {64, 100}, {64, 1000}};
    private static final Duration WARM_UP = Duration.ofSeconds(1);
    private static final Duration MEASURED = Duration.ofSeconds(1);

    @Override
    public void measure(Lab lab, String name) throws Exception {
        Jdk jdk = lab.jdk();
        long none;
        try (Jvm jvm = lab.start(jdk, Setup.of(Subject.NONE))) {
            none = jvm.number("live");
        }
        for (int[] size : SIZES) {
            int nodes = size[0];
            int volumes = size[1];
            Micro poll = Micro.of(jdk, PollBenchmark.class, Map.of("nodes", nodes, "volumes", volumes), 1);
            try (Jvm jvm = lab.startReady(jdk, Setup.agent(nodes, volumes).jvm("-Xmx3g"))) {
                Load.of(jvm.door(), "/metrics", 1, WARM_UP);
                Load load = Load.of(jvm.door(), "/metrics", 1, MEASURED);
                Exposition text = Exposition.of(jvm.door());
                lab.report()
                        .grows(List.of(
                                Integer.toString(nodes),
                                Unit.COUNT.text(volumes),
                                Unit.COUNT.text(text.samples()),
                                Unit.BYTES.text(text.bytes()),
                                Unit.BYTES.text(text.sent()),
                                Unit.MILLIS.text(load.millis().median()),
                                Unit.MICROS.text(poll.micros().median()),
                                Unit.BYTES.text(poll.allocated()),
                                Unit.BYTES.text(jvm.number("live") - none)));
            }
        }
    }
}
