package io.github.csvbackup.agent;

import io.github.csvbackup.audit.AuditFile;
import io.github.csvbackup.clear.Caller;
import io.github.csvbackup.cluster.Backend;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.simulated.SimulatedCluster;
import io.github.csvbackup.metrics.AgentMetrics;
import io.github.csvbackup.metrics.HttpCounts;
import io.github.csvbackup.metrics.PollDurations;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.management.MBeanServer;
import org.jspecify.annotations.Nullable;

/** A running agent: everything put together. Closing it undoes all of that; its files stay. */
public final class Agent implements AutoCloseable {
    private static final Caller LOCAL_JMX = new Caller("operator", "jmx", "jmx", "");

    private final Options options;
    private final Path stateDir;
    private final String token;
    private final URI url;
    private final Undo undo;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Agent(Options options, Path stateDir, String token, URI url, Undo undo) {
        this.options = options;
        this.stateDir = stateDir;
        this.token = token;
        this.url = url;
        this.undo = undo;
    }

    /**
     * Starts the agent: after this its address answers and its first poll is under way.
     *
     * @throws StartException one sentence for people, if any part does not start; then all others have been ended
     */
    static Agent start(Options options, @Nullable Instrumentation instrumentation, Rooms rooms) throws StartException {
        Undo undo = new Undo();
        boolean started = false;
        try {
            Agent agent = start(options, instrumentation, rooms, undo);
            started = true;
            return agent;
        } finally {
            if (!started) {
                undo.close();
            }
        }
    }

    private static Agent start(Options options, @Nullable Instrumentation instrumentation, Rooms rooms, Undo undo)
            throws StartException {
        Clock clock = Clock.systemUTC();
        InetSocketAddress wanted = Address.of(options);
        StateDirectory directory = undo.add(StateDirectory.open(options.stateDir(), clock));
        String token = OperatorToken.of(directory);
        Cluster cluster = undo.add(cluster(options, rooms, directory, clock));
        AuditFile audit = undo.add(audit(directory));
        Core core = undo.add(new Core(cluster, audit, options, clock));

        PollDurations polls = new PollDurations();
        HttpCounts counts = new HttpCounts();
        AgentMetrics.AgentFacts facts =
                new AgentMetrics.AgentFacts(Version.text(), cluster.backend().optionValue());
        AgentMetrics metrics = undo.add(new AgentMetrics(
                facts, core.watcher, core.guard, core.clearing::counts, core.settings, polls, counts, clock));
        core.watcher.onSnapshot(polls::polled);

        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        Beans.register(
                server,
                cluster,
                core,
                clock,
                () -> Objects.requireNonNullElse(rooms.web().callerHere(), LOCAL_JMX),
                undo);
        Web.Parts parts = new Web.Parts(
                Version.text(),
                token,
                cluster,
                server,
                core.watcher,
                core.settings,
                metrics,
                counts,
                clock,
                instrumentation);
        URI url = Address.url(undo.add(open(rooms.web(), wanted, parts)).address());
        core.watcher.start();
        return new Agent(options, directory.path(), token, url, undo);
    }

    private static Web open(Web.Factory web, InetSocketAddress wanted, Web.Parts parts) throws StartException {
        try {
            return web.open(wanted, parts);
        } catch (IOException e) {
            throw Address.bindFailure(wanted, e, System.getProperty("os.name", ""));
        }
    }

    private static Cluster cluster(Options options, Rooms rooms, StateDirectory directory, Clock clock)
            throws StartException {
        if (options.backend() == Backend.SIMULATED) {
            return new SimulatedCluster(clock, options.simulatedNodes(), options.simulatedVolumes());
        }
        try {
            NativeLibrary.unpackInto(directory.path());
        } catch (IOException e) {
            throw new StartException(
                    "JNA's native library cannot be put into the state directory " + directory.path() + ": " + e + ".",
                    e);
        }
        try {
            return rooms.windows().open();
        } catch (ClusterException e) {
            throw new StartException("The cluster cannot be opened: " + e.getMessage() + ". " + e.remedy(), e);
        } catch (LinkageError e) {
            throw new StartException("JNA does not start here: " + e + ".", e);
        }
    }

    private static AuditFile audit(StateDirectory directory) throws StartException {
        Path file = directory.path().resolve("audit.jsonl");
        try {
            return AuditFile.open(file);
        } catch (IOException e) {
            throw new StartException("The audit " + file + " cannot be opened: " + e + ".", e);
        }
    }

    /** The line that says where it listens. */
    public String announcement() {
        return "csv-backup-agent " + Version.text() + " listening on " + url + " (backend "
                + options.backend().optionValue() + ")";
    }

    /** Its address, with a slash at the end. */
    public URI url() {
        return url;
    }

    /** The operator's token. */
    String token() {
        return token;
    }

    /** Where the operator's token lies. */
    public Path tokenFile() {
        return stateDir.resolve(OperatorToken.FILE);
    }

    /** Ends everything; blocks for some seconds at most. The second call does nothing. */
    @Override
    public void close() {
        if (!closed.getAndSet(true)) {
            undo.close();
        }
    }
}
