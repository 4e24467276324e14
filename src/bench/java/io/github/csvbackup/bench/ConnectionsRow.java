package io.github.csvbackup.bench;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The throughput of scrapes at 1,000 volumes on eight connections against one, and the memory that is live meanwhile. */
final class ConnectionsRow implements Row {
    private static final int ROUNDS = 3;
    private static final int MANY = 8;
    private static final Duration WARM_UP = Duration.ofSeconds(4);
    private static final Duration A_TURN = Duration.ofSeconds(2);
    private static final int LOOKS = 6;

    /** G1 of newer JDKs keeps whole regions, with what is dead in them, while native code such as zlib uses an array there. */
    private static final String NO_PINNED_REGIONS = "-XX:+UseSerialGC";

    @Override
    public void measure(Lab lab, String name) throws Exception {
        for (Jdk jdk : lab.jdks()) {
            // The heap must not decide: it is measured beside.
            Setup setup = Setup.agent(3, 1000).jvm("-Xmx3g");
            try (Jvm jvm = lab.startReady(jdk, setup)) {
                Load.of(jvm.door(), "/metrics", MANY, WARM_UP);
                Values one = new Values();
                Values many = new Values();
                long failed = 0;
                for (int round = 0; round < ROUNDS; round++) {
                    one.add(Load.of(jvm.door(), "/metrics", 1, A_TURN).perSecond());
                    Load load = Load.of(jvm.door(), "/metrics", MANY, A_TURN);
                    many.add(load.perSecond());
                    failed += load.failed();
                }
                Report report = lab.report();
                report.line(name, jdk, "scrapes at 1,000 volumes: 8 connections, against 1", "1.5")
                        .is(many, Unit.PER_SECOND, "1 connection", one);
                if (failed > 0) {
                    report.line(name, jdk, "answers that failed", "0").is(Long.toString(failed));
                }
            }
            // By default, answers about volumes of other nodes may wait there for the next poll.
            Setup quiet = setup.with("poll-interval-others=10m").jvm(NO_PINNED_REGIONS);
            try (Jvm jvm = lab.startReady(jdk, quiet)) {
                Load.of(jvm.door(), "/metrics", MANY, WARM_UP);
                long text = Exposition.of(jvm.door()).bytes();
                lab.report()
                        .line(name, jdk, "live heap meanwhile, against the text", "2")
                        .is(liveHeap(jvm), Unit.BYTES, "the text", Values.of((double) text));
            }
        }
    }

    /** Above that of the idle agent, at the worst of some moments; the collections would spoil the throughput. */
    private static Values liveHeap(Jvm jvm) throws Exception {
        long idle = jvm.number("live");
        CompletableFuture<Load> load = CompletableFuture.supplyAsync(() -> {
            try {
                return Load.of(jvm.door(), "/metrics", MANY, A_TURN.multipliedBy(2));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        long most = 0;
        for (int look = 0; look < LOOKS; look++) {
            Lab.pause(Duration.ofMillis(400));
            most = Math.max(most, jvm.number("live"));
        }
        load.join();
        return Values.of((double) Math.max(0, most - idle));
    }
}
