package io.github.csvbackup.security;

import io.github.csvbackup.files.FileRefusedException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What the agent says about its certificate. If a keystore has several, the times are those between which all are valid.
 *
 * @param names the DNS names
 */
public record ServerCertificate(Instant notBefore, Instant notAfter, List<String> names) {
    private static final int DNS_NAME = 2;

    public ServerCertificate {
        names = List.copyOf(names);
    }

    static ServerCertificate of(Collection<X509Certificate> certificates) throws CertificateParsingException {
        Instant from = Instant.MIN;
        Instant to = Instant.MAX;
        List<String> names = new ArrayList<>();
        for (X509Certificate certificate : certificates) {
            Instant begin = certificate.getNotBefore().toInstant();
            Instant end = certificate.getNotAfter().toInstant();
            from = begin.isAfter(from) ? begin : from;
            to = end.isBefore(to) ? end : to;
            names.addAll(dnsNames(certificate));
        }
        return new ServerCertificate(from, to, names);
    }

    /** The DNS names in <em>Subject Alternative Name</em>; clients ignore the common name. */
    static List<String> dnsNames(X509Certificate certificate) throws CertificateParsingException {
        Collection<List<?>> all = certificate.getSubjectAlternativeNames();
        return all == null
                ? List.of()
                : all.stream()
                        .filter(name -> name.get(0).equals(DNS_NAME))
                        .map(name -> String.valueOf(name.get(1)))
                        .toList();
    }

    public boolean isExpired(Instant now) {
        return now.isAfter(notAfter);
    }

    public boolean isNotYetValid(Instant now) {
        return now.isBefore(notBefore);
    }

    /**
     * Fails if this would replace a certificate that is valid by one that is not.
     *
     * @param file the start of the message
     */
    void requireNotWorseThan(ServerCertificate before, Instant now, String file) throws FileRefusedException {
        if (before.isExpired(now) || before.isNotYetValid(now)) {
            return;
        }
        if (isExpired(now)) {
            throw new FileRefusedException(file + " holds a certificate that expired on "
                    + notAfter.truncatedTo(ChronoUnit.SECONDS) + ". Replace it with a renewed one.");
        }
        if (isNotYetValid(now)) {
            throw new FileRefusedException(file + " holds a certificate that is not valid before "
                    + notBefore.truncatedTo(ChronoUnit.SECONDS) + ". Check the clock of this node.");
        }
    }
}
