package io.github.csvbackup.agent.log;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.LoggerFactory;

/** The log lines during a test. A logger keeps the System.err of its creation, so this redirects the logger itself. */
public final class LogLines implements AutoCloseable {
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final Map<StderrLogger, Object> before = new LinkedHashMap<>();

    /**
     * Collects the lines of these loggers until it is closed.
     *
     * @param names the names of the loggers
     */
    public LogLines(String... names) throws ReflectiveOperationException {
        this((PrintStream) null, names);
    }

    /**
     * Redirects these loggers to a stream until it is closed.
     *
     * @param stream null to collect the lines here
     */
    public LogLines(PrintStream stream, String... names) throws ReflectiveOperationException {
        PrintStream here = stream != null ? stream : new PrintStream(said, true, StandardCharsets.UTF_8);
        for (String name : names) {
            StderrLogger logger = (StderrLogger) LoggerFactory.getLogger(name);
            // Lines of an earlier test must not suppress these lines.
            logger.repeated.due(true);
            before.put(logger, out().get(logger));
            out().set(logger, here);
        }
    }

    private static Field out() throws ReflectiveOperationException {
        Field out = StderrLogger.class.getDeclaredField("out");
        out.setAccessible(true);
        return out;
    }

    /** The lines so far. */
    public List<String> lines() {
        return said.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Override
    public void close() throws ReflectiveOperationException {
        for (Map.Entry<StderrLogger, Object> logger : before.entrySet()) {
            out().set(logger.getKey(), logger.getValue());
        }
    }
}
