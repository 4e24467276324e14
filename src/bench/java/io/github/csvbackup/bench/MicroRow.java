package io.github.csvbackup.bench;

import java.util.Collection;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * A part of the agent alone, measured by JMH on the JDK that runs this program.
 *
 * @param benchmark the class; each of its methods is a line
 */
record MicroRow(Class<?> benchmark, String what, String goal) implements Row {
    @Override
    public void measure(Lab lab, String name) throws Exception {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include("^" + benchmark.getName().replace(".", "\\.") + "\\.")
                        .forks(2)
                        .warmupIterations(3)
                        .warmupTime(TimeValue.seconds(1))
                        .measurementIterations(4)
                        .measurementTime(TimeValue.seconds(1))
                        .addProfiler(GCProfiler.class)
                        .verbosity(VerboseMode.SILENT)
                        .shouldFailOnError(true)
                        .build())
                .run();
        for (RunResult result : results) {
            Values times = new Values();
            result.getBenchmarkResults().forEach(fork -> fork.getIterationResults()
                    .forEach(iteration -> times.add(iteration.getPrimaryResult().getScore())));
            Result<?> allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
            lab.report()
                    .line(name, lab.jdk(), what, goal)
                    .is(times.text(Unit.MICROS)
                            + (allocated == null ? "" : ", allocates " + Unit.BYTES.text(allocated.getScore())));
        }
    }
}
