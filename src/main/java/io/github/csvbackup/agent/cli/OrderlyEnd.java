package io.github.csvbackup.agent.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.ExitCode;

/** Shuts down what a command has started, once: when the command ends, or when Ctrl+C or a service stop ends the JVM. */
final class OrderlyEnd implements Runnable {
    private final Runnable end;
    private final AtomicBoolean begun = new AtomicBoolean();

    private OrderlyEnd(Runnable end) {
        this.end = end;
    }

    /** We own this JVM, so it shuts down cleanly on Ctrl+C or service stop. */
    static OrderlyEnd onShutdown(Runnable end) {
        OrderlyEnd once = new OrderlyEnd(end);
        Runtime.getRuntime().addShutdownHook(new Thread(once, "csv-backup-stop"));
        return once;
    }

    boolean hasBegun() {
        return begun.get();
    }

    @Override
    public void run() {
        if (!begun.getAndSet(true)) {
            end.run();
        }
    }

    /** Blocks until the JVM exits. */
    static int await() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return ExitCode.OK;
    }
}
