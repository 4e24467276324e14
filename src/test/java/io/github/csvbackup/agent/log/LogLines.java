package io.github.csvbackup.agent.log;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.LoggerFactory;

/** What a logger says during a test. It took System.err as it was made, so that nothing but the logger itself can be turned. */
public final class LogLines implements AutoCloseable {
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final Map<StderrLogger, Object> before = new LinkedHashMap<>();

    /**
     * Listens to these loggers until it is closed.
     *
     * @param names as those of classes
     */
    public LogLines(String... names) throws ReflectiveOperationException {
        this((PrintStream) null, names);
    }

    /**
     * Lets these loggers write to a stream until it is closed.
     *
     * @param stream null for one whose lines can be read here
     */
    public LogLines(PrintStream stream, String... names) throws ReflectiveOperationException {
        PrintStream here = stream != null ? stream : new PrintStream(said, true, StandardCharsets.UTF_8);
        for (String name : names) {
            StderrLogger logger = (StderrLogger) LoggerFactory.getLogger(name);
            // What an earlier test brought about must not keep these lines back.
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
