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
 * One line an event: {@code 2026-11-25T17:20:30Z INFO  message}; below INFO nothing. Lines that repeat are counted instead, see
 * {@link RepeatedLines}. Safe for all threads.
 */
@SuppressWarnings("serial") // Loggers are never serialised here; the supertype says that they could be.
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
        switch (repeated.decide(level, pattern, text, failure != null)) {
            case WRITE -> write(level, failure == null ? text : text + LogText.trace(failure));
            case WRITE_WITHOUT_TRACE -> write(level, text + ": " + LogText.line(String.valueOf(failure)));
            case LEAVE_OUT -> {}
        }
    }

    /**
     * Says how many lines were left out.
     *
     * @param all also within the minute that is not over
     */
    void tellLeftOut(boolean all) {
        repeated.due(all).forEach(summary -> write(summary.level(), summary.sentence()));
    }

    /** One call, so that lines of two threads do not run into each other. */
    private void write(Level level, String text) {
        String time = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        out.println(time + (level.toString().length() == 4 ? " " + level + "  " : " " + level + " ") + text);
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
        return true;
    }

    @Override
    public boolean isWarnEnabled() {
        return true;
    }

    @Override
    public boolean isErrorEnabled() {
        return true;
    }
}
