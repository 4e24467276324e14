package io.github.csvbackup.bench;

import java.time.Duration;

/** A scrape of three volumes beside one of jmx_exporter, which exports the JVM's own MBeans. */
final class SmallScrapeRow implements Row {
    private static final int ROUNDS = 4;
    /** So long that all of the peer is compiled: it takes longer than ours. */
    private static final Duration WARM_UP = Duration.ofSeconds(6);

    private static final Duration A_TURN = Duration.ofSeconds(1);

    @Override
    public void measure(Lab lab, String name) throws Exception {
        for (Jdk jdk : lab.jdks()) {
            try (Jvm agent = lab.startReady(jdk, Setup.agent(3, 3));
                    Jvm peer = lab.startReady(jdk, Setup.of(Subject.JMX_EXPORTER))) {
                Turns ofAgent = new Turns(agent);
                Turns ofPeer = new Turns(peer);
                Load.of(agent.door(), "/metrics", 1, WARM_UP);
                Load.of(peer.door(), "/metrics", 1, WARM_UP);
                for (int round = 0; round < ROUNDS; round++) {
                    ofAgent.take();
                    ofPeer.take();
                }
                String title = lab.title(Subject.JMX_EXPORTER);
                Report report = lab.report();
                report.line(name, jdk, "scrape p50, 3 volumes", "0.10").is(ofAgent.p50, Unit.MILLIS, title, ofPeer.p50);
                report.line(name, jdk, "scrape p99, 3 volumes", "").is(ofAgent.p99, Unit.MILLIS, title, ofPeer.p99);
                report.line(name, jdk, "CPU of a scrape, 3 volumes", "")
                        .is(ofAgent.cpu, Unit.MILLIS, title, ofPeer.cpu);
                report.line(name, jdk, "its size", "")
                        .is(Exposition.of(agent.door()) + "; " + title + ": " + Exposition.of(peer.door()));
            }
        }
    }

    /** What the turns of one host gave. */
    private static final class Turns {
        private final Jvm jvm;
        private final Values p50 = new Values();
        private final Values p99 = new Values();
        private final Values cpu = new Values();

        Turns(Jvm jvm) {
            this.jvm = jvm;
        }

        void take() throws Exception {
            double before = jvm.usage().cpuMillis();
            Load load = Load.of(jvm.door(), "/metrics", 1, A_TURN);
            p50.add(load.millis().median());
            p99.add(load.millis().quantile(0.99));
            cpu.add((jvm.usage().cpuMillis() - before) / load.millis().count());
        }
    }
}
