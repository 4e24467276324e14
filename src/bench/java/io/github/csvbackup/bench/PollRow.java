package io.github.csvbackup.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a poll allocates, and what is written meanwhile although nothing changed. Without thread-local buffers and without a collection, the growth
 * of the heap is exactly what all threads allocated, those that have ended too.
 */
final class PollRow implements Row {
    /** The first polls compile and create what later ones use. Others are read once a minute: not within the time that is measured. */
    private static final Duration SETTLES = Duration.ofSeconds(15);

    private static final Duration MEASURED = Duration.ofSeconds(20);

    /** What polls of one cluster cost; the bytes are those of a poll, and NaN if the heap was too small. */
    record Cost(double allocated, double millis, double written) {}

    @Override
    public void measure(Lab lab, String name) throws Exception {
        for (Jdk jdk : lab.jdks()) {
            List<Setup> setups = List.of(
                    Setup.agent(3, 10), Setup.agent(3, 100), Setup.agent(3, 1000), all(Setup.agent(3, 1000)));
            List<String> whats = List.of(
                    "a poll at 10 volumes allocates",
                    "a poll at 100 volumes allocates",
                    "a poll at 1,000 volumes allocates",
                    "a poll that reads all 1,000 volumes allocates");
            List<Cost> costs = costs(lab, jdk, setups);
            for (int i = 0; i < costs.size(); i++) {
                lab.report()
                        .line(name, jdk, whats.get(i), i == 2 ? "1 MB" : "")
                        .is(Values.of(costs.get(i).allocated()), Unit.BYTES);
            }
            lab.report()
                    .line(name, jdk, "written in 20 polls at 1,000 volumes, nothing changed", "0 B")
                    .is(Values.of(costs.get(2).written()), Unit.BYTES);
        }
    }

    private static Setup all(Setup setup) {
        return setup.with("poll-interval-others=1s");
    }

    /** Of all setups, measured at the same time. */
    static List<Cost> costs(Lab lab, Jdk jdk, List<Setup> setups) throws IOException {
        List<Jvm> jvms = new ArrayList<>();
        try {
            for (Setup setup : setups) {
                jvms.add(lab.startReady(
                        jdk,
                        setup.with("poll-interval=1s")
                                .jvm("-XX:+UseSerialGC")
                                .jvm("-XX:-UseTLAB")
                                .jvm("-Xms2g")
                                .jvm("-Xmn1600m")
                                .jvm("-Xmx2g")));
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

    private record Look(long used, long collections, long polls, double lastMillis, long written) {
        /** What the look itself allocates lies outside of the time that is measured. */
        static Look at(Jvm jvm, boolean usedFirst) throws IOException {
            long first = jvm.number("used");
            long collections = jvm.number("collections");
            long polls = jvm.attribute("PollTotal");
            long millis = jvm.attribute("LastPollDurationMillis");
            long written = jvm.usage().writtenBytes();
            return new Look(usedFirst ? first : jvm.number("used"), collections, polls, millis, written);
        }

        Cost since(Look before) {
            boolean exact = collections == before.collections;
            return new Cost(
                    exact ? (double) (used - before.used) / (polls - before.polls) : Double.NaN,
                    lastMillis,
                    Math.max(0, written - before.written - ANSWERS));
        }
    }

    /** What the host's program writes to its stdout in a look, which is not the agent's. */
    private static final int ANSWERS = 40;
}
