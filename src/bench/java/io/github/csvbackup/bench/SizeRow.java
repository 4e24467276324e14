package io.github.csvbackup.bench;

import java.io.IOException;
import java.time.Duration;

/**
 * How large a scrape is. Counts, so one JDK is enough.
 *
 * @param refs true if all volumes are redirected on all nodes, as those with ReFS are; else all are direct
 */
record SizeRow(int nodes, int volumes, boolean refs, String goal) implements Row {
    /** More than the product should need, so that an old state of it can be measured, too. */
    private static final String HEAP = "-Xmx3g";

    @Override
    public void measure(Lab lab, String name) throws Exception {
        try (Jvm jvm = lab.startReady(lab.jdk(), Setup.agent(nodes, volumes).jvm(HEAP))) {
            String what = "a scrape at " + nodes + " nodes, " + Unit.COUNT.text(volumes) + " volumes"
                    + (refs ? ", all ReFS" : "");
            if (refs) {
                redirect(jvm);
            }
            lab.report().line(name, lab.jdk(), what, goal).is(settled(jvm).toString());
        }
    }

    private void redirect(Jvm jvm) throws IOException {
        for (int volume = 1; volume <= volumes; volume++) {
            for (int node = 1; node <= nodes; node++) {
                String told = jvm.ask(
                        "invoke",
                        Lab.SIMULATION,
                        "setIoState",
                        "C:\\ClusterStorage\\Volume" + volume,
                        "NODE" + node,
                        "FILE_SYSTEM_REDIRECTED",
                        "REFS");
                if (told.startsWith("failed")) {
                    throw new IOException(told);
                }
            }
        }
        // Until the volumes of other nodes are read again.
        while (Exposition.of(jvm.door()).samples() < 10L * volumes) {
            Lab.pause(Duration.ofSeconds(2));
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
