package io.github.csvbackup.bench;

import java.util.List;

/** CPU of the process from its start to the first answer. The peers have no volumes, and always read a version. */
record FirstAnswerRow(String what, List<Ask> asks, List<String> goals) implements Row {
    private static final int ROUNDS = 8;

    /** The answer that is awaited. */
    record Ask(Subject subject, String path) {}

    private static final String OUR_VERSION = "/jolokia/read/" + Lab.BEAN + "/Version";
    /** For these, and not for a text such as the version, the JDK first reads the interface of the MBean. */
    private static final String OUR_VOLUMES = "/jolokia/read/" + Lab.BEAN + "/Volumes";

    private static final String JVMS_VERSION = "/jolokia/read/java.lang:type=Runtime/VmVersion";

    static FirstAnswerRow metrics() {
        return new FirstAnswerRow(
                "CPU to the first /metrics",
                List.of(new Ask(Subject.AGENT, "/metrics"), new Ask(Subject.JMX_EXPORTER, "/metrics")),
                List.of("0.60"));
    }

    static FirstAnswerRow jolokia() {
        return jolokia("CPU to the first Jolokia read", OUR_VERSION, "1.00");
    }

    static FirstAnswerRow volumes() {
        return jolokia("CPU to the first Jolokia read of the volumes", OUR_VOLUMES, "");
    }

    /** @param goal against Jolokia 1.x */
    private static FirstAnswerRow jolokia(String what, String ours, String goal) {
        return new FirstAnswerRow(
                what,
                List.of(
                        new Ask(Subject.AGENT, ours),
                        new Ask(Subject.JOLOKIA_1, JVMS_VERSION),
                        new Ask(Subject.JOLOKIA_2, JVMS_VERSION)),
                List.of(goal, ""));
    }

    @Override
    public void measure(Lab lab, String name) throws Exception {
        for (Jdk jdk : lab.jdks()) {
            List<Values> all = asks.stream().map(ask -> new Values()).toList();
            for (int round = 0; round <= ROUNDS; round++) {
                for (int i = 0; i < asks.size(); i++) {
                    double cpu = cpu(lab, jdk, asks.get(i));
                    if (round > 0) {
                        all.get(i).add(cpu);
                    }
                }
            }
            for (int i = 1; i < asks.size(); i++) {
                lab.report()
                        .line(name, jdk, what, goals.get(i - 1))
                        .is(all.get(0), Unit.MILLIS, lab.title(asks.get(i).subject()), all.get(i));
            }
        }
    }

    private static double cpu(Lab lab, Jdk jdk, Ask ask) throws Exception {
        try (Jvm jvm = lab.start(jdk, Setup.of(ask.subject()))) {
            Lab.awaitAnswer(jvm, ask.path());
            return jvm.usage().cpuMillis();
        }
    }
}
