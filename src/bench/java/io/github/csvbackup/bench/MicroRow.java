package io.github.csvbackup.bench;

import java.util.Map;

/**
 * A part of the agent alone, measured by JMH on the first JDK.
 *
 * @param benchmark a class with one benchmark
 * @param allocation whether what JMH counts as allocated is that of the benchmark alone, and not of a set-up before each call, too
 */
record MicroRow(Class<?> benchmark, boolean allocation, String what, String goal) implements Row {
    private static final int FORKS = 2;

    @Override
    public void measure(Lab lab, String name) throws Exception {
        Micro measured = Micro.of(lab.jdk(), benchmark, Map.of(), FORKS);
        lab.report()
                .line(name, lab.jdk(), what, goal)
                .is(allocation ? measured.toString() : measured.micros().text(Unit.MICROS));
    }
}
