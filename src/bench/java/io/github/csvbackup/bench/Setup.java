package io.github.csvbackup.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * A host to start.
 *
 * @param options the options of our agent, if it is the subject, as key=value
 * @param jvmOptions added to those of all hosts
 * @param besideAgent whether our agent runs in the same JVM, so that its MBean can be read through the subject
 */
record Setup(Subject subject, List<String> options, List<String> jvmOptions, boolean besideAgent) {
    static Setup of(Subject subject) {
        return new Setup(subject, List.of(), List.of(), false);
    }

    /** Our agent with a simulated cluster of a size. */
    static Setup agent(int nodes, int volumes) {
        return of(Subject.AGENT).with("simulated-nodes=" + nodes).with("simulated-volumes=" + volumes);
    }

    Setup with(String option) {
        return new Setup(subject, plus(options, option), jvmOptions, besideAgent);
    }

    Setup jvm(String option) {
        return new Setup(subject, options, plus(jvmOptions, option), besideAgent);
    }

    Setup withAgentsBean() {
        return new Setup(subject, options, jvmOptions, true);
    }

    private static List<String> plus(List<String> list, String one) {
        List<String> all = new ArrayList<>(list);
        all.add(one);
        return all;
    }
}
