package io.github.csvbackup.agent.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/** Ends what a command has started, once: when the command is done, or when the JVM is ended by Ctrl+C or by the service manager. */
final class OrderlyEnd implements Runnable {
    private final Runnable end;
    private final AtomicBoolean begun = new AtomicBoolean();

    private OrderlyEnd(Runnable end) {
        this.end = end;
    }

    /** The JVM is ours, so it may have a hook of ours. */
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

    /** Blocks until the JVM is ended. */
    static int await() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return CommandLine.OK;
    }
}
