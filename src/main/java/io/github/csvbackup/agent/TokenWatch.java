package io.github.csvbackup.agent;

import io.github.csvbackup.state.OperatorToken;
import io.github.csvbackup.threads.DaemonThread;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the file of the operator's token every two seconds, on a thread of its own: a disk that hangs must not hold up anything else. */
final class TokenWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TokenWatch.class);
    private static final long LOOK_EVERY_SECONDS = 2;

    private final OperatorToken token;
    private final ScheduledExecutorService looks =
            Executors.newSingleThreadScheduledExecutor(DaemonThread.factory("csv-backup-token"));

    TokenWatch(OperatorToken token) {
        this.token = token;
    }

    /** Starts to look. */
    @SuppressWarnings("FutureReturnValueIgnored") // look() throws nothing
    TokenWatch start() {
        looks.scheduleWithFixedDelay(this::look, LOOK_EVERY_SECONDS, LOOK_EVERY_SECONDS, TimeUnit.SECONDS);
        return this;
    }

    /** Whatever goes wrong in one look, there is a next. */
    private void look() {
        try {
            token.look();
        } catch (RuntimeException | Error e) {
            LOG.error("The file of the operator's token could not be looked at", e);
        }
    }

    /** Ends within seconds, and looks no more: the directory may be another agent's soon. */
    @Override
    public void close() {
        looks.shutdown();
        if (!looks.awaitTermination(LOOK_EVERY_SECONDS, TimeUnit.SECONDS)) {
            looks.shutdownNow();
        }
    }
}
