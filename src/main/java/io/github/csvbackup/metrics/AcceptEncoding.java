package io.github.csvbackup.metrics;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Chooses between gzip and no coding by the weights in the Accept-Encoding header (RFC 9110, section 12.5.3). */
final class AcceptEncoding {
    private AcceptEncoding() {}

    /**
     * Whether the client prefers gzip, or accepts it as well as no coding.
     *
     * @param header null if the request has none
     */
    static boolean prefersGzip(@Nullable String header) {
        if (header == null) {
            return false;
        }
        double gzip = -1;
        double identity = -1;
        double any = -1;
        for (String part : header.toLowerCase(Locale.ROOT).split(",", -1)) {
            String[] pieces = part.split(";", -1);
            double weight = AcceptHeader.weight(pieces);
            switch (pieces[0].strip()) {
                case "gzip", "x-gzip" -> gzip = weight;
                case "identity" -> identity = weight;
                case "*" -> any = weight;
                default -> {}
            }
        }
        double given = gzip >= 0 ? gzip : Math.max(any, 0);
        // What stands for any coding stands for none, too. No coding is acceptable unless it is excluded, and then
        // without a preference.
        return given > 0 && given >= (identity >= 0 ? identity : any);
    }
}
