package io.github.csvbackup.metrics;

import io.github.csvbackup.audit.AuditStatus;
import io.github.csvbackup.clear.ClearCounts;
import io.github.csvbackup.guard.Guard;
import io.github.csvbackup.leftover.Leftovers;
import io.github.csvbackup.peer.PeerRecords;
import io.github.csvbackup.text.PiecedText;
import io.github.csvbackup.threads.Supervisor;
import io.github.csvbackup.watch.VolumeWatch;
import io.github.csvbackup.watch.WatchSettings;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The agent's metrics. Micrometer starts with the first scrape, so a host that is never scraped does not pay for it. Thread-safe.
 */
public final class AgentMetrics implements AutoCloseable {
    private final AgentFacts facts;
    private final VolumeWatch watch;
    private final Supplier<ClearCounts> clears;
    private final Supplier<AuditStatus> audit;
    private final WatchSettings settings;
    private final PollDurations polls;
    private final HttpCounts http;
    private final Supervisor supervisor;
    private final Guard guard;
    private final Supplier<Map<String, Long>> abandoned;
    private final Supplier<Leftovers> leftovers;
    private final Clock clock;
    private final KeptText kept;
    private Map<String, Supplier<@Nullable Instant>> outdatedFiles = Map.of();
    private @Nullable Supplier<Instant> certificateEnd;
    private @Nullable PeerRecords peers;
    private @Nullable PrometheusMeterRegistry registry;

    /**
     * What is constant while the agent runs.
     *
     * @param backend the value of the option backend; a label of csv_backup_agent_info and of each series about volumes
     * @param ownedOnly true if only volumes that this agent's node owns have series
     */
    public record AgentFacts(String version, String backend, boolean ownedOnly) {}

    public AgentMetrics(
            AgentFacts facts,
            VolumeWatch watch,
            Guard guard,
            Supplier<ClearCounts> clears,
            Supplier<Map<String, Long>> abandoned,
            Supplier<Leftovers> leftovers,
            Supplier<AuditStatus> audit,
            WatchSettings settings,
            PollDurations polls,
            HttpCounts http,
            Supervisor supervisor,
            Clock clock) {
        this.facts = facts;
        this.watch = watch;
        this.clears = clears;
        this.audit = audit;
        this.settings = settings;
        this.polls = polls;
        this.http = http;
        this.supervisor = supervisor;
        this.guard = guard;
        this.abandoned = abandoned;
        this.leftovers = leftovers;
        this.clock = clock;
        this.kept = new KeptText(new VolumeSeries(facts.backend(), facts.ownedOnly())::of);
    }

    /**
     * Adds the files that the agent reloads after a change. Call it before the first scrape.
     *
     * @param files by the option that names the file: since when the agent cannot use the file's current content; null while it can
     */
    public synchronized void outdatedFiles(Map<String, Supplier<@Nullable Instant>> files) {
        outdatedFiles = Map.copyOf(files);
    }

    /** Adds when the server's certificate expires. Call it before the first scrape. */
    public synchronized void certificateEnds(Supplier<Instant> end) {
        certificateEnd = end;
    }

    /** Adds what became of the questions to the agents of other nodes. Call it before the first scrape. */
    public synchronized void peers(PeerRecords records) {
        peers = records;
    }

    /**
     * All metrics as text.
     *
     * @throws IllegalStateException with a message for the client, if the Prometheus client library fails to start
     */
    public PiecedText scrape(ScrapeFormat format) {
        PiecedText agent = MetricsText.of(registry().getPrometheusRegistry().scrape(), format.openMetrics());
        VolumeFacts facts = VolumeFacts.of(
                watch.snapshot(), guard, clears.get(), abandoned.get(), leftovers.get(), settings, clock.instant());
        return kept.with(facts, agent, format);
    }

    private synchronized PrometheusMeterRegistry registry() {
        PrometheusMeterRegistry started = registry;
        if (started == null) {
            try {
                started = start();
            } catch (RuntimeException | LinkageError e) {
                throw new IllegalStateException(
                        "The Prometheus client library failed to start (" + e
                                + "): check PROMETHEUS_CONFIG and IO_PROMETHEUS_* in the environment of this JVM."
                                + " Everything but metrics works.",
                        e);
            }
            registry = started;
        }
        return started;
    }

    private PrometheusMeterRegistry start() {
        PrometheusMeterRegistry started = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        FunctionCounter.builder("csv.backup.polls", watch, w -> w.snapshot().polls())
                .description("Polls, including failed ones")
                .register(started);
        FunctionCounter.builder(
                        "csv.backup.poll.failures", watch, w -> w.snapshot().pollFailures())
                .description("Failed polls")
                .register(started);
        FunctionTimer.builder(
                        "csv.backup.poll.duration",
                        polls,
                        PollDurations::polls,
                        p -> p.total(TimeUnit.NANOSECONDS),
                        TimeUnit.NANOSECONDS)
                .description("Duration of polls")
                .register(started);
        Gauge.builder("csv.backup.stale.after", settings, s -> s.staleAfter().toMillis() / 1000.0)
                .description("Value of the option stale-after")
                .baseUnit("seconds")
                .register(started);
        Gauge.builder(
                        "csv.backup.cluster.nodes",
                        watch,
                        w -> w.snapshot().nodes().size())
                .description("Nodes of the cluster, in any state")
                .register(started);
        Gauge.builder(
                        "csv.backup.agent.start.timestamp",
                        watch,
                        w -> w.snapshot().startTime().toEpochMilli() / 1000.0)
                .description("When the agent started")
                .baseUnit("seconds")
                .register(started);
        Gauge.builder("csv.backup.unfinished.clears", clears, c -> c.get().unfinished())
                .description("Clear intents without an outcome")
                .register(started);
        FunctionCounter.builder(
                        "csv.backup.unchecked.clears", clears, c -> c.get().unchecked())
                .description("Clears after which at least one node did not list its shadow copies; see the audit")
                .register(started);
        outdatedFiles.forEach((option, since) -> Gauge.builder(
                        "csv.backup.file.outdated.since.timestamp", since, s -> seconds(s.get()))
                .description(
                        "Since when the agent has used the previous content of a file because it cannot use the current"
                                + " content; 0 while the file is up to date")
                .baseUnit("seconds")
                .tag("option", option)
                .register(started));
        if (certificateEnd != null) {
            Gauge.builder("csv.backup.certificate.not.after.timestamp", certificateEnd, end -> seconds(end.get()))
                    .description("When the certificate of the agent's HTTPS server expires")
                    .baseUnit("seconds")
                    .register(started);
        }
        Gauge.builder("csv.backup.audit.lines", audit, a -> a.get().newest().number())
                .description("Number of the newest audit line")
                .register(started);
        FunctionCounter.builder(
                        "csv.backup.audit.mismatches", audit, a -> a.get().mismatches())
                .description("Audit lines that report a change not made by the agent")
                .register(started);
        started.getPrometheusRegistry().register(new AgentInfo(facts, watch));
        started.getPrometheusRegistry().register((MultiCollector) this::lastPoll);
        started.getPrometheusRegistry().register(http.collector());
        started.getPrometheusRegistry().register(new ThreadCollector(supervisor));
        if (peers != null) {
            started.getPrometheusRegistry().register(new PeerCollector(peers, clock));
        }
        return started;
    }

    /** Absent before the first successful poll. */
    private MetricSnapshots lastPoll() {
        Instant lastSuccess = watch.snapshot().lastSuccess();
        return lastSuccess == null
                ? MetricSnapshots.of()
                : MetricSnapshots.of(GaugeSnapshot.builder()
                        .name("csv_backup_last_successful_poll_timestamp_seconds")
                        .help("End time of the last successful poll")
                        .dataPoint(Points.point(Labels.EMPTY, Points.seconds(lastSuccess)))
                        .build());
    }

    private static double seconds(@Nullable Instant time) {
        return time == null ? 0 : time.toEpochMilli() / 1000.0;
    }

    @Override
    public synchronized void close() {
        if (registry != null) {
            registry.close();
        }
    }
}
