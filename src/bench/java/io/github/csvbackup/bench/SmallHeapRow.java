package io.github.csvbackup.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Whether a host with a heap of 64 MB lives on with the largest cluster and eight clients, and the agent still answers. */
final class SmallHeapRow implements Row {
    private static final int CLIENTS = 8;
    private static final Duration MEASURED = Duration.ofSeconds(10);
    private static final Duration A_LOOK = Duration.ofMillis(500);

    @Override
    public void measure(Lab lab, String name) throws Exception {
        for (Jdk jdk : lab.jdks()) {
            Report.Line line = lab.report().line(name, jdk, "host at -Xmx64m, 64 x 1,000, 8 clients", "unharmed");
            try (Jvm jvm = lab.startReady(jdk, Setup.agent(64, 1000).jvm("-Xmx64m"))) {
                line.is(outcome(jvm));
            } catch (IOException e) {
                line.is("did not start: " + firstLine(e));
            }
        }
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("").replace('|', ' ');
    }

    private static String outcome(Jvm jvm) throws Exception {
        CompletableFuture<Load> load = CompletableFuture.supplyAsync(() -> {
            try {
                return Load.of(jvm.door(), "/metrics", CLIENTS, MEASURED);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        double slowest = 0;
        String trouble = "";
        while (!load.isDone() && trouble.isEmpty()) {
            long asked = System.nanoTime();
            try {
                jvm.ask("work");
            } catch (IOException e) {
                trouble = "its program died";
            }
            slowest = Math.max(slowest, (System.nanoTime() - asked) / 1e6);
            Lab.pause(A_LOOK);
        }
        if (!trouble.isEmpty()) {
            boolean memory = jvm.errors().contains("OutOfMemoryError");
            jvm.close();
            load.join();
            return trouble + (memory ? ": OutOfMemoryError" : "");
        }
        Load done = load.join();
        if (jvm.errors().contains("OutOfMemoryError")) {
            trouble = "OutOfMemoryError";
        }
        return (trouble.isEmpty() ? "unharmed" : trouble) + "; its own work waited up to " + Unit.MILLIS.text(slowest)
                + "; answers: " + done.millis().count() + ", p50 "
                + Unit.MILLIS.text(done.millis().median())
                + ", failed: " + done.failed();
    }
}
