package io.github.csvbackup.bench;

import java.util.Map;

/**
 * A part of the agent alone, measured by JMH on the JDK that runs this program.
 *
 * @param benchmark a class with one benchmark
 */
record MicroRow(Class<?> benchmark, String what, String goal) implements Row {
    private static final int FORKS = 2;

    @Override
    public void measure(Lab lab, String name) throws Exception {
        String measured = Micro.of(benchmark, Map.of(), FORKS).toString();
        lab.report().line(name, lab.jdk(), what, goal).is(measured);
    }
}
