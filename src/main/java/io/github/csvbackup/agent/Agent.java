package io.github.csvbackup.agent;

import io.github.csvbackup.agent.log.StderrServiceProvider;
import io.github.csvbackup.agent.options.LogOptions;
import io.github.csvbackup.agent.options.Options;
import io.github.csvbackup.agent.options.RemoteAccess;
import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.agent.options.Version;
import io.github.csvbackup.audit.AuditFile;
import io.github.csvbackup.cluster.Backend;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.eventlog.EventLog;
import io.github.csvbackup.http.Endpoint;
import io.github.csvbackup.http.HealthEndpoint;
import io.github.csvbackup.http.MetricsEndpoint;
import io.github.csvbackup.http.OnDemand;
import io.github.csvbackup.http.jolokia.CurrentRequest;
import io.github.csvbackup.http.jolokia.JolokiaEndpoint;
import io.github.csvbackup.http.jolokia.JolokiaModules;
import io.github.csvbackup.http.page.PageEndpoint;
import io.github.csvbackup.management.JmxCaller;
import io.github.csvbackup.management.Registration;
import io.github.csvbackup.metrics.AgentMetrics;
import io.github.csvbackup.metrics.HttpCounts;
import io.github.csvbackup.metrics.PollDurations;
import io.github.csvbackup.peer.PeerReports;
import io.github.csvbackup.state.OperatorToken;
import io.github.csvbackup.state.StateDirectory;
import io.github.csvbackup.state.StateFile;
import io.github.csvbackup.threads.CallThreads;
import io.github.csvbackup.threads.Supervisor;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;
import javax.management.MBeanServer;
import org.jspecify.annotations.Nullable;

/** A running agent with all its parts. {@link #close} stops all of them; the files stay. */
public final class Agent implements AutoCloseable {
    /** How long a shutdown waits for running clears. A detach waits for half a minute, so this must be shorter. */
    private static final Duration CLEARS_MAY_END_WITHIN = Duration.ofSeconds(15);

    private final Options options;
    private final Path stateDir;
    private final @Nullable OperatorToken token;
    private final List<String> urls;
    private final Closer closer;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Agent(Options options, Path stateDir, @Nullable OperatorToken token, List<String> urls, Closer closer) {
        this.options = options;
        this.stateDir = stateDir;
        this.token = token;
        this.urls = urls;
        this.closer = closer;
    }

    /**
     * Starts the agent in a JVM that belongs to another program: it changes nothing there. A failure is also in the log that the options ask for.
     *
     * @throws StartException as {@link #start(Options, WindowsBackend, LocalTime)} does
     */
    public static Agent start(Options options, WindowsBackend windows) throws StartException {
        try {
            return start(options, windows, LocalTime.OF_THE_NODE);
        } catch (Throwable e) {
            FailedStart.report(options.log(), e);
            throw e;
        }
    }

    /**
     * Starts the agent. When this returns, the server accepts requests and the first poll has begun.
     *
     * @param localTime for the messages
     * @throws StartException if a part cannot start; the parts that had started are stopped again. The caller reports it, see {@link FailedStart}
     */
    public static Agent start(Options options, WindowsBackend windows, LocalTime localTime) throws StartException {
        Closer closer = new Closer();
        closer.add(StderrServiceProvider::end);
        boolean started = false;
        try {
            Agent agent = start(options, windows, localTime, closer);
            started = true;
            return agent;
        } finally {
            if (!started) {
                closer.close();
            }
        }
    }

    private static Agent start(Options options, WindowsBackend windows, LocalTime localTime, Closer closer)
            throws StartException {
        Clock clock = Clock.systemUTC();
        CallThreads.keep();
        closer.add(CallThreads::endIdle);
        StateDirectory directory = closer.add(Opening.stateDirectory(options, clock));
        LogOptions log = options.log();
        if (log == null) {
            return start(options, windows, localTime, closer, clock, directory, null);
        }
        Reporting reporting = closer.add(Reporting.open(log, directory, clock));
        Agent agent = start(options, windows, localTime, closer, clock, directory, reporting);
        reporting.started(agent.announcement());
        return agent;
    }

    /** @param reporting null for stderr only */
    private static Agent start(
            Options options,
            WindowsBackend windows,
            LocalTime localTime,
            Closer closer,
            Clock clock,
            StateDirectory directory,
            @Nullable Reporting reporting)
            throws StartException {
        // Only the door for this machine knows the token.
        OperatorToken token = options.host() == null ? null : closer.add(OperatorToken.create(directory));
        Supervisor supervisor = closer.add(new Supervisor());
        Cluster cluster = closer.add(Opening.cluster(options, windows, directory, clock));
        AuditFile audit = Opening.audit(directory, options.audit(), clock);
        if (reporting != null) {
            closer.add(() -> reporting.stopped(audit));
        }
        closer.add(audit);
        ServerTls tls = tls(options.remoteAccess(), clock);
        // A guest without other nodes must not load further classes.
        AskedPeers peers =
                tls == null ? null : AskedPeers.of(options.remoteAccess(), Pipeline.settings(options), tls, clock);
        Pipeline pipeline = closer.add(new Pipeline(cluster, audit, options, clock, localTime.times(cluster), peers));
        if (peers != null) {
            // Questions in progress end before the parts that wait for them.
            closer.add(peers);
        }

        StateFile state = new StateFile(directory.path().resolve("state.jsonl"), clock, directory.ofNewFile());
        EventLog events = reporting == null ? null : reporting.events();
        if (reporting != null) {
            reporting.loops().forEach(supervisor::add);
        }
        if (events != null) {
            pipeline.log.alsoTo(events);
        }
        Runnable checks = token == null ? () -> {} : token::check;
        StateWriter stateWriter = closer.add(new StateWriter(
                state, pipeline, tls == null ? checks : tls.alsoChecked(checks, pipeline, clock, events)));
        pipeline.loops().forEach(supervisor::add);
        supervisor.add(stateWriter.loop());

        PollDurations polls = new PollDurations();
        HttpCounts counts = new HttpCounts();
        AgentMetrics.AgentFacts facts = new AgentMetrics.AgentFacts(
                Version.text(), cluster.backend().optionValue(), options.metricsOfOwnedVolumes());
        AgentMetrics metrics = closer.add(new AgentMetrics(
                facts,
                pipeline.watcher,
                pipeline.guard,
                pipeline.clearing::counts,
                pipeline.clearing::abandoned,
                pipeline.leftovers,
                pipeline.clearing::auditStatus,
                pipeline.settings,
                polls,
                counts,
                supervisor,
                clock));
        if (tls != null) {
            tls.addTo(metrics);
        }
        if (peers != null) {
            peers.addTo(metrics);
        }
        pipeline.watcher.onSnapshot(polls::polled);
        pipeline.watcher.onSnapshot(snapshot -> StderrServiceProvider.tellLeftOut(false));

        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        String unused = JolokiaModules.require();
        Closer beans = closer.add(new Closer());
        Endpoint scrapes = new MetricsEndpoint(metrics);
        Endpoint health =
                new HealthEndpoint(pipeline.watcher, pipeline.settings, clock, pipeline.times, supervisor::trouble);
        Endpoint page = new OnDemand(() -> new PageEndpoint(
                new PageEndpoint.Facts(
                        Version.text(),
                        cluster,
                        pipeline.clearing::counts,
                        () -> audit.status().newest().toString(),
                        pipeline.times,
                        () -> peers == null ? List.of() : peers.reports().last(),
                        pipeline.leftovers),
                pipeline.watcher,
                pipeline.guard,
                pipeline.settings,
                clock));
        IntFunction<Map<String, Endpoint>> endpoints = count -> Map.of(
                "/jolokia",
                new OnDemand(() ->
                        new JolokiaEndpoint(server, Registration.DOMAIN, options.anonymous(), System::nanoTime, count)),
                "/metrics",
                scrapes,
                "/healthz",
                health,
                "/",
                page);
        Doors doors = closer.add(Doors.open(
                options,
                token,
                tls,
                pipeline,
                clock,
                metrics,
                counts,
                options.backend() == Backend.SIMULATED ? Simulation.endpoints(cluster) : Map.of(),
                endpoints));
        if (token != null) {
            Opening.publish(token, doors);
        }
        closer.add(() -> pipeline.clearing.drain(CLEARS_MAY_END_WITHIN));
        doors.superviseBy(supervisor);
        supervisor.start();
        stateWriter.restore();
        stateWriter.start();
        audit.started();
        AuditLog auditLog = new AuditLog(audit, clock, events);
        pipeline.watcher.onSnapshot(snapshot -> auditLog.polled());
        pipeline.clearing.takeOver(audit.unfinished());
        closer.add(pipeline.startFollowUps());
        pipeline.watcher.start();
        // From here on, clients can request polls; the polling thread runs them.
        MBeans.register(
                server,
                cluster,
                pipeline,
                clock,
                () -> CurrentRequest.caller().orElseGet(JmxCaller::current),
                new SelfTest(() -> new AgentCheck(
                        cluster,
                        pipeline,
                        new AgentCheck.Facts(directory.path(), doors.urls(), supervisor::trouble, tls, reports(peers)),
                        clock,
                        pipeline.settings.serviceDeadline())),
                reports(peers),
                supervisor,
                beans);
        doors.start();
        return new Agent(options, directory.path(), token, doors.urls(), closer);
    }

    /** Null if there is no door for other machines. */
    private static @Nullable ServerTls tls(@Nullable RemoteAccess access, Clock clock) throws StartException {
        return access == null ? null : ServerTls.of(access, clock);
    }

    private static @Nullable PeerReports reports(@Nullable AskedPeers peers) {
        return peers == null ? null : peers.reports();
    }

    /** One line with the version, the addresses and the backend. */
    public String announcement() {
        return "csv-backup-agent " + Version.text() + " listening on " + String.join(" and ", urls) + " (backend "
                + options.backend().optionValue() + ")";
    }

    /** The address of the HTTP server, with a slash at the end: the one for this machine if there is one. */
    public URI url() {
        return URI.create(urls.get(0));
    }

    /** The operator's current token; empty if there is no address for this machine. */
    public String token() {
        return token == null ? "" : token.token();
    }

    /** The file of the operator's token. */
    public Path tokenFile() {
        return stateDir.resolve(OperatorToken.FILE);
    }

    /** The announcement: users see this text after an attach. */
    @Override
    public String toString() {
        return announcement();
    }

    /** Stops everything; blocks for a few seconds at most. A second call does nothing. */
    @Override
    public void close() {
        if (!closed.getAndSet(true)) {
            closer.close();
        }
    }
}
