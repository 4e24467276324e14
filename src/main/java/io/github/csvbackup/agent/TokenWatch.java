package io.github.csvbackup.agent;

import io.github.csvbackup.state.OperatorToken;
import io.github.csvbackup.threads.SupervisedLoop;
import java.time.Duration;

/** Checks the file of the operator's token every five seconds. It has its own thread, so that a disk that hangs blocks nothing else. */
final class TokenWatch implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofSeconds(5);
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(2);

    private final SupervisedLoop loop;

    TokenWatch(OperatorToken token) {
        loop = SupervisedLoop.every("csv-backup-token", PAUSE, token::check);
    }

    SupervisedLoop loop() {
        return loop;
    }

    void start() {
        loop.start();
    }

    /** Stops within seconds. After that it does not read the file, since another agent may soon use the directory. */
    @Override
    public void close() {
        loop.close();
        if (!loop.endsWithin(ENDS_WITHIN)) {
            loop.interrupt();
        }
    }
}
