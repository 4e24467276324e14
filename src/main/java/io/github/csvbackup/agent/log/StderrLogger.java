package io.github.csvbackup.agent.log;

import java.io.PrintStream;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/**
 * Writes one line per event: {@code 2026-11-25T17:20:30Z INFO  message}. Levels below INFO are off, and more after
 * {@link StderrServiceProvider#onlyErrors}. {@link RepeatedLines} limits repeated lines.
 * Thread-safe.
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
    private void write(Level level, String text, @Nullable Throwable failure) {
        StringBuilder line = new StringBuilder();
        line.append(clock.instant().truncatedTo(ChronoUnit.SECONDS));
        line.append(level.toString().length() == 4 ? " " + level + "  " : " " + level + " ")
                .append(text);
        if (failure != null) {
            out.print(line.append(LogText.trace(failure)).append(System.lineSeparator()));
        } else {
            out.println(line);
        }
        out.flush();
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
        return null;
    }

    @Override
    public boolean isTraceEnabled() {
        return false;
    }

    @Override
    public boolean isDebugEnabled() {
        return false;
    }

    @Override
    public boolean isInfoEnabled() {
        return !StderrServiceProvider.hasOnlyErrors();
    }

    @Override
    public boolean isWarnEnabled() {
        return !StderrServiceProvider.hasOnlyErrors();
    }

    @Override
    public boolean isErrorEnabled() {
        return true;
    }
}
