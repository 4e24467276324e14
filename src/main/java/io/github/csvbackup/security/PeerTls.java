package io.github.csvbackup.security;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS towards the agents of other nodes: with the certificate of this node, and with the authorities of tls-trust alone. After one of both was renewed
 * there is another context, so that no session of before is resumed. Thread-safe.
 */
public final class PeerTls {
    /** A resumed session does not verify the certificate's authorities again. */
    private static final Duration SESSIONS_END_AFTER = Duration.ofMinutes(10);

    private final Supplier<KeyFile.Content> keys;
    private final Supplier<X509ExtendedTrustManager> trust;
    private final Clock clock;
    private @Nullable Current current;

    private record Current(KeyFile.Content keys, X509ExtendedTrustManager trust, SSLContext context) {
        @SuppressWarnings("ReferenceEquality") // each time a file is read there are new objects
        boolean isOf(KeyFile.Content otherKeys, X509ExtendedTrustManager otherTrust) {
            return keys == otherKeys && trust == otherTrust;
        }
    }

    /**
     * Reads nothing yet.
     *
     * @param keys the current key of this node; another object after it was renewed
     * @param trust verifies with the current authorities; another object after they were changed
     */
    PeerTls(Supplier<KeyFile.Content> keys, Supplier<X509ExtendedTrustManager> trust, Clock clock) {
        this.keys = keys;
        this.trust = trust;
        this.clock = clock;
    }

    /**
     * The context for connections to other nodes. Reads changed files again. A connection of another context than this must not be used any more.
     *
     * @throws PeerCertificateException if the certificate of this node is not valid now
     */
    public synchronized SSLContext context() throws IOException, PeerCertificateException {
        KeyFile.Content key = keys.get();
        X509ExtendedTrustManager authorities = trust.get();
        requireValid(key.certificate());
        Current known = current;
        if (known == null || !known.isOf(key, authorities)) {
            known = new Current(key, authorities, create(key, authorities));
            current = known;
        }
        return known.context();
    }

    private SSLContext create(KeyFile.Content key, X509ExtendedTrustManager authorities) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    new KeyManager[] {key.manager()}, new TrustManager[] {new PeerTrust(authorities, clock)}, null);
            context.getClientSessionContext().setSessionTimeout((int) SESSIONS_END_AFTER.toSeconds());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("This Java does not provide TLS: " + e.getMessage() + ".", e);
        }
    }

    private void requireValid(ServerCertificate own) throws PeerCertificateException {
        Instant now = clock.instant();
        if (own.isExpired(now)) {
            throw PeerCertificateException.ofThisNode(
                    "expired on " + text(own.notAfter()), "Replace the file of tls-keystore with a renewed one.");
        }
        if (own.isNotYetValid(now)) {
            throw PeerCertificateException.ofThisNode(
                    "is not valid before " + text(own.notBefore()), "Check the clock of this node.");
        }
    }

    /** The full DNS name of a node; empty if the certificate of this node does not have its own full name, which says the domain. */
    public Optional<String> fullName(String node, String ownNode) {
        return PeerCertificates.domain(keys.get().certificate().names(), ownNode)
                .map(domain -> node + "." + domain);
    }

    /**
     * Checks the certificate of the other side, which TLS has verified before. Call it for each new connection, and before a kept one is used again.
     *
     * @param name the full DNS name that the certificate must have
     * @throws PeerCertificateException if it is not valid any more, or has another name
     */
    public void check(SSLSession session, String name) throws IOException, PeerCertificateException {
        List<X509Certificate> chain = new ArrayList<>();
        for (java.security.cert.Certificate each : session.getPeerCertificates()) {
            if (each instanceof X509Certificate certificate) {
                chain.add(certificate);
            }
        }
        PeerTrust.requireValid(chain, clock.instant());
        requireName(chain.get(0), name);
    }

    private static void requireName(X509Certificate certificate, String name) throws PeerCertificateException {
        List<String> names;
        try {
            names = ServerCertificate.dnsNames(certificate);
        } catch (CertificateParsingException e) {
            names = List.of();
        }
        if (names.stream().noneMatch(each -> PeerCertificates.same(each, name))) {
            throw PeerCertificateException.ofPeer(
                    "is for " + (names.isEmpty() ? "no DNS name" : String.join(", ", names)) + " and not for " + name,
                    "Give that node a certificate with this name in Subject Alternative Name. If the address leads to"
                            + " another machine, correct it.");
        }
    }

    static String text(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** Verifies servers with other words than the JDK's, whose texts of dates would set the time zone of the host. */
    private static final class PeerTrust extends ServerTrust {
        private final X509ExtendedTrustManager authorities;
        private final Clock clock;

        PeerTrust(X509ExtendedTrustManager authorities, Clock clock) {
            this.authorities = authorities;
            this.clock = clock;
        }

        @Override
        void verify(X509Certificate[] chain, Verification with) throws CertificateException {
            requireValid(List.of(chain), clock.instant());
            try {
                with.of(authorities);
            } catch (CertificateException e) {
                throw PeerCertificateException.ofPeer(
                        "does not verify with the authorities in tls-trust (" + e.getMessage() + ")",
                        "Use certificates of the same authority on all nodes, or add its certificate to tls-trust of"
                                + " this node.");
            }
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return authorities.getAcceptedIssuers();
        }

        static void requireValid(List<X509Certificate> chain, Instant now) throws PeerCertificateException {
            for (X509Certificate certificate : chain) {
                Instant end = certificate.getNotAfter().toInstant();
                Instant begin = certificate.getNotBefore().toInstant();
                if (now.isAfter(end)) {
                    throw PeerCertificateException.ofPeer(
                            "expired on " + text(end), "Renew the certificate of that node: certificates renew.");
                }
                if (now.isBefore(begin)) {
                    throw PeerCertificateException.ofPeer(
                            "is not valid before " + text(begin), "Compare the clocks of both nodes.");
                }
            }
        }
    }
}
