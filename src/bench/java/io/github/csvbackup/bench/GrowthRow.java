package io.github.csvbackup.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How scrape, poll and memory grow over volumes and nodes: a table of its own. */
final class GrowthRow implements Row {
    static final List<String> HEADINGS = List.of(
            "nodes",
            "volumes",
            "samples",
            "text",
            "sent",
            "scrape p50",
            "a poll allocates",
            "last poll",
            "heap after requests");

    private static final int[][] SIZES = {{3, 3}, {3, 10}, {3, 100}, {3, 1000}, {16, 100}, {64, 100}, {64, 1000}};
    private static final Duration WARM_UP = Duration.ofSeconds(2);
    private static final Duration MEASURED = Duration.ofSeconds(2);

    @Override
    public void measure(Lab lab, String name) throws Exception {
        Jdk jdk = lab.jdk();
        List<Setup> setups = new ArrayList<>();
        for (int[] size : SIZES) {
            setups.add(Setup.agent(size[0], size[1]));
        }
        List<PollRow.Cost> polls = PollRow.costs(lab, jdk, setups);
        long none;
        try (Jvm jvm = lab.start(jdk, Setup.of(Subject.NONE))) {
            none = jvm.number("live");
        }
        for (int i = 0; i < SIZES.length; i++) {
            try (Jvm jvm = lab.startReady(jdk, setups.get(i).jvm("-Xmx3g"))) {
                Load.of(jvm.door(), "/metrics", 1, WARM_UP);
                Load load = Load.of(jvm.door(), "/metrics", 1, MEASURED);
                Exposition size = Exposition.of(jvm.door());
                lab.report()
                        .grows(List.of(
                                Integer.toString(SIZES[i][0]),
                                Unit.COUNT.text(SIZES[i][1]),
                                Unit.COUNT.text(size.samples()),
                                Unit.BYTES.text(size.bytes()),
                                Unit.BYTES.text(size.sent()),
                                Unit.MILLIS.text(load.millis().median()),
                                Unit.BYTES.text(polls.get(i).allocated()),
                                Unit.MILLIS.text(polls.get(i).millis()),
                                Unit.BYTES.text(jvm.number("live") - none)));
            }
        }
    }
}
