package io.github.csvbackup.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** CPU while no client asks, threads then and a minute after requests, and the heap at last. All hosts run at the same time, on all JDKs. */
final class IdleRow implements Row {
    private static final int FEW = 3;
    private static final int MANY = 1000;
    private static final int LOOKS = 2;
    /** As many as in 50 minutes. The JVM compiles a method when it has run 200 times; that does not belong to idling. */
    private static final int POLLS = 300;

    /** The JVM compiles what runs more rarely for many minutes. */
    private static final Duration SETTLES = Duration.ofMinutes(10);

    private static final Duration MEASURED = Duration.ofMinutes(3);
    private static final Duration REQUESTS = Duration.ofSeconds(1);
    private static final Duration A_MINUTE_LATER = Duration.ofSeconds(65);
    /** Once a minute a round of answers waits in the heap for the next poll. */
    private static final Duration UNTIL_THE_NEXT_POLL = Duration.ofSeconds(11);

    /** After its first collection, G1 of newer JDKs looks 20 times a second whether it has something to do, in some hosts and not in others. */
    private static final String NO_TICKS = "-XX:+UseSerialGC";
    /** Otherwise three of four full collections leave dead objects where moving the others is not worth it. */
    private static final String NO_REMAINS = "-XX:MarkSweepAlwaysCompactCount=1";

    private final List<Idle> all = new ArrayList<>();
    private @Nullable Long readyNanos;

    /** One host. */
    private static final class Idle implements AutoCloseable {
        private final Jdk jdk;
        /** Of our agent; 0 for others. */
        private final int volumes;

        private final String title;
        private final String path;
        private final Jvm jvm;
        private final Usage usage;
        private double percent;
        private long threads;
        private long threadsLater;
        private long heap;

        Idle(Lab lab, Jdk jdk, Subject peer, String path) throws IOException {
            this(lab, jdk, 0, " of " + lab.title(peer), Setup.of(peer), path);
        }

        Idle(Lab lab, Jdk jdk, int volumes) throws IOException {
            this(
                    lab,
                    jdk,
                    volumes,
                    " at " + Unit.COUNT.text(volumes) + " volumes",
                    Setup.agent(3, volumes),
                    "/metrics");
        }

        private Idle(Lab lab, Jdk jdk, int volumes, String title, Setup setup, String path) throws IOException {
            this.jdk = jdk;
            this.volumes = volumes;
            this.title = title;
            this.path = path;
            this.jvm = lab.startReady(jdk, setup.jvm(NO_TICKS).jvm(NO_REMAINS));
            this.usage = jvm.usage();
        }

        @Override
        public void close() {
            jvm.close();
        }
    }

    @Override
    public void prepare(Lab lab) throws Exception {
        for (Jdk jdk : lab.jdks()) {
            all.add(new Idle(lab, jdk, Subject.NONE, ""));
            all.add(new Idle(lab, jdk, FEW));
            all.add(new Idle(lab, jdk, MANY));
            all.add(new Idle(lab, jdk, Subject.JOLOKIA_1, "/jolokia/version"));
            all.add(new Idle(lab, jdk, Subject.JOLOKIA_2, "/jolokia/version"));
            all.add(new Idle(lab, jdk, Subject.JMX_EXPORTER, "/metrics"));
        }
        for (Idle idle : all) {
            while (idle.volumes > 0 && idle.jvm.attribute("PollTotal") < POLLS) {
                idle.jvm.ask("invoke", Lab.BEAN, "refresh");
            }
        }
        readyNanos = System.nanoTime();
    }

    @Override
    public void measure(Lab lab, String name) throws Exception {
        try {
            if (readyNanos == null) {
                throw new IllegalStateException("its hosts could not be started");
            }
            Duration settled = Duration.ofNanos(System.nanoTime() - readyNanos);
            if (settled.compareTo(SETTLES) < 0) {
                lab.report()
                        .say("idle: waits until " + all.size() + " hosts have run for " + SETTLES.toMinutes()
                                + " minutes");
                Lab.pause(SETTLES.minus(settled));
            }
            cpu();
            for (Idle idle : all) {
                idle.threads = threads(idle.jvm);
                if (!idle.path.isEmpty()) {
                    Load.of(idle.jvm.door(), idle.path, 8, REQUESTS);
                }
            }
            Lab.pause(A_MINUTE_LATER);
            for (Idle idle : all) {
                idle.threadsLater = threads(idle.jvm);
                idle.heap = idle.jvm.number("live");
            }
            for (int look = 0; look < LOOKS; look++) {
                Lab.pause(UNTIL_THE_NEXT_POLL);
                for (Idle idle : all) {
                    idle.heap = Math.min(idle.heap, idle.jvm.number("live"));
                }
            }
            report(lab, name);
        } finally {
            all.forEach(Idle::close);
        }
    }

    private void cpu() throws IOException {
        for (Idle idle : all) {
            idle.percent = -idle.usage.cpuMillis();
        }
        long begun = System.nanoTime();
        Lab.pause(MEASURED);
        double millis = (System.nanoTime() - begun) / 1e6;
        for (Idle idle : all) {
            idle.percent = 100.0 * (idle.percent + idle.usage.cpuMillis()) / millis;
        }
    }

    /** A poll may have threads of its own for a moment. */
    private static long threads(Jvm jvm) throws IOException {
        long fewest = jvm.number("threads");
        for (int look = 0; look < LOOKS; look++) {
            Lab.pause(Duration.ofSeconds(1));
            fewest = Math.min(fewest, jvm.number("threads"));
        }
        return fewest;
    }

    private void report(Lab lab, String name) {
        for (Jdk jdk : lab.jdks()) {
            List<Idle> same = all.stream().filter(idle -> idle.jdk.equals(jdk)).toList();
            Idle none = same.get(0);
            for (Idle idle : same.subList(1, same.size())) {
                lab.report()
                        .line(
                                name,
                                jdk,
                                "idle CPU" + idle.title,
                                idle.volumes == FEW ? "0.05 %" : idle.volumes == MANY ? "0.15 %" : "")
                        .is(Unit.PERCENT.text(idle.percent - none.percent));
                lab.report()
                        .line(
                                name,
                                jdk,
                                "threads" + idle.title + ": idle / a minute after requests",
                                idle.volumes > 0 ? "6 / 6" : "")
                        .is((idle.threads - none.threads) + " / " + (idle.threadsLater - none.threads));
                lab.report()
                        .line(name, jdk, "heap" + idle.title + " after requests", idle.volumes == MANY ? "4 MB" : "")
                        .is(Unit.BYTES.text(idle.heap - none.heap));
            }
        }
    }
}
