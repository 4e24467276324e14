package io.github.csvbackup.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The same attribute of the same MBean through our agent and through stock Jolokia. */
final class JolokiaRow implements Row {
    private static final int ROUNDS = 3;
    private static final Duration WARM_UP = Duration.ofSeconds(3);
    private static final Duration A_TURN = Duration.ofSeconds(1);
    private static final String PATH = "/jolokia/read/" + Lab.BEAN + "/Volumes";

    private record Rates(Subject subject, Jvm jvm, Values one, Values eight) {}

    @Override
    public void measure(Lab lab, String name) throws Exception {
        for (Jdk jdk : lab.jdks()) {
            List<Rates> all = new ArrayList<>();
            try {
                for (Subject subject : List.of(Subject.AGENT, Subject.JOLOKIA_1, Subject.JOLOKIA_2)) {
                    Setup setup = subject == Subject.AGENT
                            ? Setup.agent(3, 3)
                            : Setup.of(subject).withAgentsBean();
                    all.add(new Rates(subject, lab.startReady(jdk, setup), new Values(), new Values()));
                }
                for (Rates rates : all) {
                    Lab.awaitAnswer(rates.jvm, PATH);
                    Load.of(rates.jvm.door(), PATH, 8, WARM_UP);
                }
                for (int round = 0; round < ROUNDS; round++) {
                    for (Rates rates : all) {
                        rates.one.add(Load.of(rates.jvm.door(), PATH, 1, A_TURN).perSecond());
                        rates.eight.add(
                                Load.of(rates.jvm.door(), PATH, 8, A_TURN).perSecond());
                    }
                }
                report(lab, name, jdk, all);
            } finally {
                all.forEach(rates -> rates.jvm.close());
            }
        }
    }

    private static void report(Lab lab, String name, Jdk jdk, List<Rates> all) throws Exception {
        Rates ours = all.get(0);
        for (Rates peer : all.subList(1, all.size())) {
            boolean first = peer.subject == Subject.JOLOKIA_1;
            String title = lab.title(peer.subject);
            lab.report()
                    .line(name, jdk, "Jolokia reads, 1 connection", first ? "1.00" : "")
                    .is(ours.one, Unit.PER_SECOND, title, peer.one);
            lab.report()
                    .line(name, jdk, "Jolokia reads, 8 connections", first ? "1.30" : "")
                    .is(ours.eight, Unit.PER_SECOND, title, peer.eight);
        }
    }
}
