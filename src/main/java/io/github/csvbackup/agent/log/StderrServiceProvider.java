package io.github.csvbackup.agent.log;

import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/** Lets SLF4J use {@link StderrLogger}. */
public final class StderrServiceProvider implements SLF4JServiceProvider {
    private static final Map<String, StderrLogger> LOGGERS = new ConcurrentHashMap<>();

    /** The lowest level that is written. */
    static volatile Level level = Level.INFO;

    /** Null: stderr only. */
    static volatile @Nullable LogWriter file;

    private final IMarkerFactory markers = new BasicMarkerFactory();
    private final MDCAdapter mdc = new NOPMDCAdapter();

    @Override
    public ILoggerFactory getLoggerFactory() {
        return StderrServiceProvider::logger;
    }

    static StderrLogger logger(String name) {
        return LOGGERS.computeIfAbsent(name, n -> new StderrLogger(n, Clock.systemUTC(), System.err));
    }

    /** From now on, this JVM logs only errors: for a command that itself says what happens. */
    public static void onlyErrors() {
        level = Level.ERROR;
    }

    /**
     * Makes every logger report how many repeated lines it left out. Call this about once a minute: a logger also does it before its next line, but
     * there may be no next line.
     *
     * @param all also in the current minute, for the shutdown of the agent
     */
    public static void tellLeftOut(boolean all) {
        LOGGERS.values().forEach(logger -> logger.tellLeftOut(all));
    }

    /** For the end of the agent: reports what was left out, and sets the level to its default. */
    public static void end() {
        tellLeftOut(true);
        level = Level.INFO;
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return mdc;
    }

    @Override
    public String getRequestedApiVersion() {
        return "2.0.99";
    }

    @Override
    public void initialize() {
        // Loggers are created on demand.
    }
}
