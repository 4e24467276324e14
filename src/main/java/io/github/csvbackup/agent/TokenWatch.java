package io.github.csvbackup.agent;

import io.github.csvbackup.state.OperatorToken;
import io.github.csvbackup.threads.SupervisedLoop;
import java.time.Duration;

/** Looks at the file of the operator's token every two seconds, on a thread of its own: a disk that hangs must not hold up anything else. */
final class TokenWatch implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final SupervisedLoop loop;

    TokenWatch(OperatorToken token) {
        loop = SupervisedLoop.every("csv-backup-token", PAUSE, token::look);
    }

    /** The loop that looks. */
    SupervisedLoop loop() {
        return loop;
    }

    /** Starts to look. */
    void start() {
        loop.start();
    }

    /** Ends within seconds, and looks no more: the directory may be another agent's soon. */
    @Override
    public void close() {
        loop.close();
        if (!loop.endsWithin(PAUSE)) {
            loop.interrupt();
        }
    }
}
