package io.github.csvbackup.agent;

import io.github.csvbackup.eventlog.EventKind;
import io.github.csvbackup.eventlog.EventLog;
import io.github.csvbackup.security.PeerCertificates;
import io.github.csvbackup.security.ServerCertificate;
import io.github.csvbackup.text.Times;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns about the server's certificate: once a day while it has expired, will expire within thirty days, or is not valid yet; and once if it does not name
 * this node, or no other node can be recognised with it. The agent uses it nevertheless: polls and local clients need none, and clients may know the node by another name. Not thread-safe.
 */
final class CertificateWatch {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateWatch.class);
    private static final Duration EVERY = Duration.ofDays(1);
    private static final Duration EARLY = Duration.ofDays(30);

    private final Path keystore;
    private final Supplier<ServerCertificate> certificate;
    private final Supplier<String> node;
    private final @Nullable PeerCertificates peers;
    private final Clock clock;
    private final Times times;
    private final @Nullable EventLog events;
    private @Nullable ServerCertificate known;
    private @Nullable Instant last;
    private boolean nameChecked;
    private PeerCertificates.@Nullable Problem peerProblem;

    /**
     * Does not read the certificate yet.
     *
     * @param certificate the one that clients get now
     * @param node the name of this node; empty while it is unknown
     * @param peers recognises the other nodes; null if clients are not asked for a certificate
     * @param times for the warnings
     * @param events also gets the warnings about the end; null for none
     */
    CertificateWatch(
            Path keystore,
            Supplier<ServerCertificate> certificate,
            Supplier<String> node,
            @Nullable PeerCertificates peers,
            Clock clock,
            Times times,
            @Nullable EventLog events) {
        this.keystore = keystore;
        this.certificate = certificate;
        this.node = node;
        this.peers = peers;
        this.clock = clock;
        this.times = times;
        this.events = events;
    }

    /** Writes the warnings that are due. */
    void check() {
        ServerCertificate current = certificate.get();
        if (!current.equals(known)) {
            known = current;
            last = null;
            nameChecked = false;
        }
        checkName(current);
        checkPeers();
        Instant now = clock.instant();
        // Also after the clock was set back.
        if (last == null || now.isBefore(last) || Duration.between(last, now).compareTo(EVERY) >= 0) {
            last = now;
            checkTimes(current, now);
        }
    }

    private void checkTimes(ServerCertificate current, Instant now) {
        Duration left = Duration.between(now, current.notAfter());
        if (current.isNotYetValid(now)) {
            LOG.warn(
                    "The certificate in tls-keystore={} is not valid before {}; until then clients reject it. Check the clock of"
                            + " this node.",
                    keystore,
                    times.time(current.notBefore()));
        } else if (left.compareTo(EARLY) <= 0) {
            String text = "The certificate in tls-keystore=" + keystore
                    + (left.isNegative() ? " expired on " : " expires on ")
                    + times.time(current.notAfter())
                    + (left.isNegative() ? "" : ", in " + left.toDays() + " days")
                    + ". Replace the file with a renewed one; the agent needs no restart.";
            LOG.warn("{}", text);
            if (events != null) {
                events.write(EventKind.CERTIFICATE_EXPIRES, text);
            }
        }
    }

    private void checkName(ServerCertificate current) {
        String name = node.get();
        if (nameChecked || name.isEmpty()) {
            return;
        }
        nameChecked = true;
        if (current.names().stream().noneMatch(each -> mayBe(name, each))) {
            LOG.warn(
                    "The certificate in tls-keystore={} is for {} and not for this node, {}: clients that call the node by its own"
                            + " name reject it. If clients do so, replace the file with the one of this node.",
                    keystore,
                    current.names().isEmpty() ? "no DNS name" : String.join(", ", current.names()),
                    name);
        }
    }

    /** Once for each problem. */
    private void checkPeers() {
        PeerCertificates.Problem problem =
                peers == null ? null : peers.problem().orElse(null);
        if (problem != null && !problem.equals(peerProblem)) {
            LOG.warn("{}. {}", problem.text(), problem.remedy());
        }
        peerProblem = problem;
    }

    /** Whether a client may reach the node by this name. A wildcard stands for the names of all machines of a domain. */
    private static boolean mayBe(String node, String name) {
        String label = name.split("\\.", 2)[0];
        return label.equals("*") || label.equalsIgnoreCase(node);
    }
}
