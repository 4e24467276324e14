package io.github.csvbackup.agent;

import io.github.csvbackup.eventlog.EventKind;
import io.github.csvbackup.eventlog.EventLog;
import io.github.csvbackup.text.Times;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warns once a day while the server's certificate has expired or will expire within thirty days. Not thread-safe. */
final class CertificateEnd {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateEnd.class);
    private static final Duration EVERY = Duration.ofDays(1);
    private static final Duration EARLY = Duration.ofDays(30);

    private final Path keystore;
    private final Expiry expiry;
    private final Clock clock;
    private final Times times;
    private final @Nullable EventLog events;
    private @Nullable Instant last;

    /** Reads when the certificate expires. */
    @FunctionalInterface
    interface Expiry {
        Instant read() throws IOException;
    }

    /**
     * @param times for the warnings
     * @param events also gets the warnings; null for none
     */
    CertificateEnd(Path keystore, Expiry expiry, Clock clock, Times times, @Nullable EventLog events) {
        this.keystore = keystore;
        this.expiry = expiry;
        this.clock = clock;
        this.times = times;
        this.events = events;
    }

    /** Reads the certificate if a day has passed, also after the clock was set back. */
    void check() {
        Instant now = clock.instant();
        if (last != null && !now.isBefore(last) && Duration.between(last, now).compareTo(EVERY) < 0) {
            return;
        }
        last = now;
        Instant end;
        try {
            end = expiry.read();
        } catch (IOException e) {
            // The server reads the file too, and reports this.
            LOG.debug("The certificate cannot be read: {}", e.getMessage());
            return;
        }
        Duration left = Duration.between(now, end);
        if (left.compareTo(EARLY) > 0) {
            return;
        }
        String text = "The certificate in tls-keystore=" + keystore
                + (left.isNegative() ? " expired on " : " expires on ")
                + times.time(end) + (left.isNegative() ? "" : ", in " + left.toDays() + " days")
                + ". Replace the file with a renewed one; the agent needs no restart.";
        LOG.warn("{}", text);
        if (events != null) {
            events.write(EventKind.CERTIFICATE_EXPIRES, text);
        }
    }
}
