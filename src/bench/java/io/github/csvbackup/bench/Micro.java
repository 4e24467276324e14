package io.github.csvbackup.bench;

import java.util.Map;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * What JMH measured for one method.
 *
 * @param micros of its iterations
 * @param allocated bytes for one call, on all threads
 */
record Micro(Values micros, double allocated) {
    /** Runs the one benchmark of a class. */
    static Micro of(Jdk jdk, Class<?> benchmark, Map<String, Integer> parameters, int forks) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^" + benchmark.getName().replace(".", "\\.") + "\\.")
                .jvm(jdk.home().resolve("bin/java").toString())
                .forks(forks)
                .warmupIterations(3)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(4)
                .measurementTime(TimeValue.seconds(1))
                .addProfiler(GCProfiler.class)
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true);
        parameters.forEach((name, value) -> options.param(name, Integer.toString(value)));
        RunResult result = new Runner(options.build()).runSingle();
        Values micros = new Values();
        result.getBenchmarkResults()
                .forEach(fork -> fork.getIterationResults()
                        .forEach(iteration ->
                                micros.add(iteration.getPrimaryResult().getScore())));
        Result<?> allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
        return new Micro(micros, allocated == null ? Double.NaN : allocated.getScore());
    }

    @Override
    public String toString() {
        return micros.text(Unit.MICROS) + ", allocates " + Unit.BYTES.text(allocated);
    }
}
