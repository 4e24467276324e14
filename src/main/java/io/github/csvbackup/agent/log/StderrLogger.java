package io.github.csvbackup.agent.log;

import io.github.csvbackup.text.VisibleText;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/**
 * One line an event: {@code 2026-11-25T17:20:30Z INFO  message}; below INFO nothing. The lines of a trace are indented. So no text
 * from outside can pass for a line of its own. Safe for all threads.
 */
@SuppressWarnings("serial") // Loggers are never serialised here; the supertype says that they could be.
final class StderrLogger extends LegacyAbstractLogger {
    private static final String INDENT = "    ";

    private final transient Clock clock;
    private final transient PrintStream out;

    StderrLogger(String name, Clock clock, PrintStream out) {
        this.name = name;
        this.clock = clock;
        this.out = out;
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            String pattern,
            Object @Nullable [] arguments,
            @Nullable Throwable failure) {
        StringWriter text = new StringWriter();
        text.append(clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        text.append(level.toString().length() == 4 ? " " + level + "  " : " " + level + " ");
        text.append(VisibleText.of(MessageFormatter.basicArrayFormat(pattern, arguments)));
        if (failure != null) {
            StringWriter trace = new StringWriter();
            failure.printStackTrace(new PrintWriter(trace, true));
            trace.toString()
                    .lines()
                    .forEach(line -> text.append(System.lineSeparator())
                            .append(INDENT)
                            .append(VisibleText.of(line.replace("\t", INDENT))));
            text.append(System.lineSeparator());
            out.print(text);
        } else {
            // One call, so that lines of two threads do not run into each other.
            out.println(text);
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
