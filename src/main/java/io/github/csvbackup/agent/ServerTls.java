package io.github.csvbackup.agent;

import io.github.csvbackup.agent.options.Option;
import io.github.csvbackup.agent.options.RemoteAccess;
import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.cluster.Finding;
import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.eventlog.EventLog;
import io.github.csvbackup.metrics.AgentMetrics;
import io.github.csvbackup.security.FileStatus;
import io.github.csvbackup.security.PeerCertificates;
import io.github.csvbackup.security.PeerTls;
import io.github.csvbackup.security.Tls;
import io.github.csvbackup.watch.Snapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The certificate of the agent's server, and who is told about it. */
record ServerTls(
        Path keystore, Tls tls, FileStatus status, @Nullable FileStatus trustStatus) {

    /**
     * Reads the files.
     *
     * @throws StartException if the files cannot be used
     */
    static ServerTls of(RemoteAccess access, Clock clock) throws StartException {
        FileStatus status = new FileStatus(clock);
        Path trust = access.tlsTrust();
        FileStatus trustStatus = trust == null ? null : new FileStatus(clock);
        try {
            Tls tls = Tls.of(
                    access.tlsKeystore(),
                    access.tlsPasswordFile(),
                    status,
                    trust == null || trustStatus == null ? null : new Tls.Trust(trust, trustStatus));
            return new ServerTls(access.tlsKeystore(), tls, status, trustStatus);
        } catch (IOException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }

    /** By option: since when the content of the file is not the one that is used; null if it is. */
    Map<String, Supplier<@Nullable Instant>> outdatedFiles() {
        return trustStatus == null
                ? Map.of(Option.TLS_KEYSTORE.key(), status::outdatedSince)
                : Map.of(
                        Option.TLS_KEYSTORE.key(),
                        status::outdatedSince,
                        Option.TLS_TRUST.key(),
                        trustStatus::outdatedSince);
    }

    /** Recognises the other nodes; null if clients are not asked for a certificate. */
    @Nullable
    PeerCertificates peers(Pipeline pipeline, Clock clock) {
        return trustStatus == null
                ? null
                : new PeerCertificates(
                        () -> nodes(pipeline, clock),
                        () -> pipeline.watcher.snapshot().localNode(),
                        tls::certificate,
                        clock);
    }

    /** TLS as a client of the agents of other nodes. */
    PeerTls towardsPeers(Clock clock) {
        return tls.towardsPeers(clock);
    }

    /** A node that was evicted while polls fail is still in the last list. */
    private static List<String> nodes(Pipeline pipeline, Clock clock) {
        Snapshot snapshot = pipeline.watcher.snapshot();
        return snapshot.isFresh(clock.instant(), pipeline.settings)
                ? snapshot.nodes().stream().map(Node::name).toList()
                : List.of();
    }

    /** Adds the check of the certificate to another one. */
    Runnable alsoChecked(Runnable other, Pipeline pipeline, Clock clock, @Nullable EventLog events) {
        CertificateWatch watch = new CertificateWatch(
                keystore,
                tls::certificate,
                () -> pipeline.watcher.snapshot().localNode(),
                peers(pipeline, clock),
                clock,
                pipeline.times,
                events);
        return () -> {
            other.run();
            tls.check();
            watch.check();
        };
    }

    /** For the self test: whether other nodes can be recognised. */
    List<Finding> findings(Pipeline pipeline, Clock clock) {
        PeerCertificates peers = peers(pipeline, clock);
        if (peers == null) {
            return List.of();
        }
        return List.of(peers.problem()
                .map(problem ->
                        new Finding(Option.TLS_TRUST.key(), Finding.Result.WARNING, problem.text(), problem.remedy()))
                .orElseGet(() -> Finding.ok(
                        Option.TLS_TRUST.key(), "the certificate of this agent says the domain of the nodes")));
    }

    void addTo(AgentMetrics metrics) {
        metrics.certificateEnds(() -> tls.certificate().notAfter());
    }
}
