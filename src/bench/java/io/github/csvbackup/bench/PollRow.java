package io.github.csvbackup.bench;

import io.github.csvbackup.watch.PollBenchmark;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a poll allocates: by itself, and in the packaged agent with all that happens after a poll, but then with the simulated cluster's own part. And
 * what is written meanwhile although nothing changed.
 */
final class PollRow implements Row {
    private static final int NODES = 3;
    private static final int[] VOLUMES = {10, 100, 1000};

    /** The first polls compile and create what later ones use. Others are read once a minute: not within the time that is measured. */
    private static final Duration SETTLES = Duration.ofSeconds(10);

    private static final Duration MEASURED = Duration.ofSeconds(20);

    @Override
    public void measure(Lab lab, String name) throws Exception {
        Jdk jdk = lab.jdk();
        Report report = lab.report();
        for (int volumes : VOLUMES) {
            report.line(name, jdk, "a poll of " + Unit.COUNT.text(volumes) + " volumes", volumes == 1000 ? "1 MB" : "")
                    .is(Micro.of(jdk, PollBenchmark.class, Map.of("nodes", NODES, "volumes", volumes), 1)
                            .toString());
        }
        List<Cost> costs = packaged(lab, jdk);
        for (int i = 0; i < VOLUMES.length; i++) {
            String what = "a poll of " + Unit.COUNT.text(VOLUMES[i]) + " simulated volumes, packaged, allocates";
            report.line(name, jdk, what, "").is(Values.of(costs.get(i).allocated()), Unit.BYTES);
        }
        report.line(name, jdk, "written in 20 polls of 1,000 volumes, nothing changed", "0 B")
                .is(Unit.BYTES.text(costs.get(VOLUMES.length - 1).written()));
    }

    /**
     * What polls of one host cost.
     *
     * @param allocated by one poll; NaN if the heap was too small
     * @param written by all of them
     */
    private record Cost(double allocated, long written) {}

    /**
     * Measured at the same time. Without thread-local buffers and without a collection, the growth of the heap is exactly what all threads allocated,
     * those that have ended too.
     */
    private static List<Cost> packaged(Lab lab, Jdk jdk) throws IOException {
        List<Jvm> jvms = new ArrayList<>();
        try {
            for (int volumes : VOLUMES) {
                jvms.add(lab.startReady(
                        jdk,
                        Setup.agent(NODES, volumes)
                                .with("poll-interval=1s")
                                .jvm("-XX:+UseSerialGC")
                                .jvm("-XX:-UseTLAB")
                                .jvm("-Xms3g")
                                .jvm("-Xmx3g")
                                .jvm("-Xmn2800m")));
            }
            Lab.pause(SETTLES);
            // The first look loads classes.
            looks(jvms, false);
            List<Look> before = looks(jvms, false);
            Lab.pause(MEASURED);
            List<Look> after = looks(jvms, true);
            List<Cost> costs = new ArrayList<>();
            for (int i = 0; i < jvms.size(); i++) {
                costs.add(after.get(i).since(before.get(i)));
            }
            return costs;
        } finally {
            jvms.forEach(Jvm::close);
        }
    }

    private static List<Look> looks(List<Jvm> jvms, boolean usedFirst) throws IOException {
        List<Look> looks = new ArrayList<>();
        for (Jvm jvm : jvms) {
            looks.add(Look.at(jvm, usedFirst));
        }
        return looks;
    }

    private record Look(long used, long collections, long polls, long written) {
        /** What the host's program writes to its stdout in a look, which is not the agent's. */
        private static final int ANSWERS = 40;

        /** What the look itself allocates lies outside of the time that is measured. */
        static Look at(Jvm jvm, boolean usedFirst) throws IOException {
            long first = jvm.number("used");
            long collections = jvm.number("collections");
            long polls = jvm.attribute("PollTotal");
            long written = jvm.usage().writtenBytes();
            return new Look(usedFirst ? first : jvm.number("used"), collections, polls, written);
        }

        Cost since(Look before) {
            boolean exact = collections == before.collections;
            return new Cost(
                    exact ? (double) (used - before.used) / (polls - before.polls) : Double.NaN,
                    Math.max(0, written - before.written - ANSWERS));
        }
    }
}
