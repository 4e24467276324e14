package io.github.csvbackup.bench;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** How much later the host's main begins than without an agent. */
final class StartDelayRow implements Row {
    private static final int ROUNDS = 20;
    /** In each round: the two that are compared differ by less than a single start swings. */
    private static final int TURNS_OF_THE_COMPARED = 3;

    @Override
    public void measure(Lab lab, String name) throws Exception {
        List<Subject> subjects = List.of(
                Subject.NONE,
                Subject.NOTHING,
                Subject.AGENT,
                Subject.JOLOKIA_1,
                Subject.JOLOKIA_2,
                Subject.JMX_EXPORTER);
        for (Jdk jdk : lab.jdks()) {
            Map<Subject, Values> delays = new EnumMap<>(Subject.class);
            subjects.forEach(subject -> delays.put(subject, new Values()));
            // The first round fills the caches of the files.
            for (int round = 0; round <= ROUNDS; round++) {
                for (int turn = 1; turn <= TURNS_OF_THE_COMPARED; turn++) {
                    boolean last = turn == TURNS_OF_THE_COMPARED;
                    double none = main(lab, jdk, Subject.NONE);
                    for (Subject subject : subjects.subList(1, last ? subjects.size() : 3)) {
                        double main = main(lab, jdk, subject);
                        if (round > 0) {
                            delays.get(subject).add(main - none);
                        }
                    }
                }
            }
            Values nothing = delays.get(Subject.NOTHING);
            for (Subject subject : subjects.subList(2, subjects.size())) {
                boolean ours = subject == Subject.AGENT;
                lab.report()
                        .line(
                                name,
                                jdk,
                                "delay of the host's main by " + lab.title(subject),
                                !ours ? "" : jdk.feature() < 25 ? "1.15" : "1.10")
                        .is(delays.get(subject), Unit.MILLIS, Subject.NOTHING.title(), nothing);
            }
        }
    }

    private static double main(Lab lab, Jdk jdk, Subject subject) throws Exception {
        try (Jvm jvm = lab.start(jdk, Setup.of(subject), "ends")) {
            jvm.await();
            return jvm.mainAfterMillis();
        }
    }
}
