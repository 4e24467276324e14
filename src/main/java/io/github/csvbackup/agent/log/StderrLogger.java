package io.github.csvbackup.agent.log;

import java.io.PrintStream;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/**
 * Writes one line per event: {@code 2026-11-25T17:20:30Z INFO  message}. The lines also go to the log file, if there is one.
 * {@link RepeatedLines} limits repeated lines, except those with the marker of {@link EachTime}. Thread-safe.
 */
@SuppressWarnings("serial") // Only because of the supertype; loggers are never serialised here.
final class StderrLogger extends LegacyAbstractLogger {
    private final transient Clock clock;
    private final transient PrintStream out;
    final transient RepeatedLines repeated;

    StderrLogger(String name, Clock clock, PrintStream out) {
        this.name = name;
        this.clock = clock;
        this.out = out;
        this.repeated = new RepeatedLines(clock);
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            String pattern,
            Object @Nullable [] arguments,
            @Nullable Throwable failure) {
        tellLeftOut(false);
        String text = LogText.line(String.valueOf(MessageFormatter.basicArrayFormat(pattern, arguments)));
        if (marker != null && marker.equals(EachTime.MARKER)) {
            write(level, text, failure);
            return;
        }
        RepeatedLines.Decision decision = repeated.decide(level, pattern, text, failure != null);
        if (decision == RepeatedLines.Decision.LEAVE_OUT) {
            return;
        }
        boolean written = false;
        try {
            if (decision == RepeatedLines.Decision.WRITE) {
                write(level, text, failure);
            } else {
                write(level, text + ": " + LogText.line(String.valueOf(failure)), null);
            }
            written = true;
        } finally {
            if (!written) {
                repeated.failed(level, pattern, text);
            }
        }
    }

    /**
     * Logs how many lines were left out.
     *
     * @param all also in the current minute
     */
    void tellLeftOut(boolean all) {
        repeated.due(all).forEach(summary -> write(summary.level(), summary.sentence(), null));
    }

    /** One call per line, so that the lines of two threads do not mix. */
    void write(Level level, String text, @Nullable Throwable failure) {
        String line = LogText.entry(clock.instant(), level, text + (failure == null ? "" : LogText.trace(failure)));
        LogWriter file = StderrServiceProvider.file;
        try {
            out.print(line);
            out.flush();
        } finally {
            // What the thread of the file logs about itself would give it new work each time.
            if (file != null && !file.loop().isCurrent()) {
                file.write(line);
            }
        }
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
        return null;
    }

    @Override
    public boolean isTraceEnabled() {
        return isEnabled(Level.TRACE);
    }

    @Override
    public boolean isDebugEnabled() {
        return isEnabled(Level.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
        return isEnabled(Level.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
        return isEnabled(Level.WARN);
    }

    @Override
    public boolean isErrorEnabled() {
        return isEnabled(Level.ERROR);
    }

    private static boolean isEnabled(Level level) {
        return level.compareTo(StderrServiceProvider.level) <= 0;
    }
}
