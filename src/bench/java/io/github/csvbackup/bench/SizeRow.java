package io.github.csvbackup.bench;

import java.io.IOException;
import java.time.Duration;

/** How large a scrape is, with all volumes direct. Counts, so one JDK is enough. */
record SizeRow(int nodes, int volumes, String goal) implements Row {
    /** More than the product should need, so that an old state of it can be measured, too. */
    private static final String HEAP = "-Xmx3g";

    @Override
    public void measure(Lab lab, String name) throws Exception {
        try (Jvm jvm = lab.startReady(lab.jdk(), Setup.agent(nodes, volumes).jvm(HEAP))) {
            String what = "a scrape at " + nodes + " nodes, " + Unit.COUNT.text(volumes) + " volumes";
            lab.report().line(name, lab.jdk(), what, goal).is(settled(jvm).toString());
        }
    }

    /** When no more series appear. */
    private static Exposition settled(Jvm jvm) throws IOException {
        Exposition before = Exposition.of(jvm.door());
        while (true) {
            Lab.pause(Duration.ofSeconds(2));
            Exposition now = Exposition.of(jvm.door());
            if (now.samples() == before.samples()) {
                return now;
            }
            before = now;
        }
    }
}
