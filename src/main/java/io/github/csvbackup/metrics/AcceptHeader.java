package io.github.csvbackup.metrics;

import io.github.csvbackup.text.Ascii;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the format of a scrape by the weights in the Accept header (RFC 9110, section 12.5.1). The most specific media range that matches a
 * format decides its weight; weight 0 excludes the format. A client that excludes both formats gets the text format: metrics in another
 * format are more useful than none.
 */
final class AcceptHeader {
    private static final String OPEN_METRICS = "application/openmetrics-text";
    private static final String TEXT = "text/plain";
    private static final Set<String> OPEN_METRICS_VERSIONS = Set.of("", "1.0.0", "0.0.1");
    private static final Set<String> TEXT_VERSIONS = Set.of("", "0.0.4");

    private AcceptHeader() {}

    /**
     * One media range of the header.
     *
     * @param version empty if there is none
     * @param weight from 0 to 1
     */
    private record Range(String type, String version, double weight) {
        /** How specific the match is: 0 no match, 1 any type, 2 any subtype, 3 the type itself. */
        int specificity(String wanted, Set<String> versions) {
            if (type.equals(wanted)) {
                return versions.contains(version) ? 3 : 0;
            }
            if (type.equals(wanted.substring(0, wanted.indexOf('/')) + "/*")) {
                return 2;
            }
            return type.equals("*/*") ? 1 : 0;
        }
    }

    /** The range that decides for one format. */
    private record Wish(double weight, int specificity, int position) {}

    /**
     * Whether the client prefers OpenMetrics to the text format. If weights are equal, the more specific range wins, then the earlier one.
     *
     * @param header null if the request has none
     */
    static boolean prefersOpenMetrics(@Nullable String header) {
        if (header == null) {
            return false;
        }
        List<Range> ranges = ranges(header);
        Wish openMetrics = wish(ranges, OPEN_METRICS, OPEN_METRICS_VERSIONS);
        Wish text = wish(ranges, TEXT, TEXT_VERSIONS);
        if (openMetrics.weight() != text.weight()) {
            return openMetrics.weight() > text.weight();
        }
        if (openMetrics.weight() == 0) {
            return false;
        }
        return openMetrics.specificity() != text.specificity()
                ? openMetrics.specificity() > text.specificity()
                : openMetrics.position() < text.position();
    }

    /** The most specific range decides; among several, such as two versions, the one with the highest weight. */
    private static Wish wish(List<Range> ranges, String type, Set<String> versions) {
        Wish best = new Wish(0, 0, Integer.MAX_VALUE);
        for (int position = 0; position < ranges.size(); position++) {
            Range range = ranges.get(position);
            int specificity = range.specificity(type, versions);
            if (specificity > best.specificity()
                    || (specificity == best.specificity() && range.weight() > best.weight())) {
                best = new Wish(specificity == 0 ? 0 : range.weight(), specificity, position);
            }
        }
        return best;
    }

    private static List<Range> ranges(String header) {
        List<Range> ranges = new ArrayList<>();
        for (String part : header.toLowerCase(Locale.ROOT).split(",", -1)) {
            String[] pieces = part.split(";", -1);
            String version = "";
            for (int i = 1; i < pieces.length; i++) {
                String piece = pieces[i].strip();
                if (piece.startsWith("version=")) {
                    version = piece.substring("version=".length()).replace("\"", "");
                }
            }
            ranges.add(new Range(pieces[0].strip(), version, weight(pieces)));
        }
        return ranges;
    }

    /** The weight among the parameters of one element; 1 without one. */
    static double weight(String[] pieces) {
        double weight = 1;
        for (int i = 1; i < pieces.length; i++) {
            String piece = pieces[i].strip();
            if (piece.startsWith("q=")) {
                weight = weight(piece.substring("q=".length()));
            }
        }
        return weight;
    }

    /** 0, 1 or a fraction of up to three digits; any other text counts as 0. */
    private static double weight(String text) {
        boolean legal = (text.startsWith("0") || text.startsWith("1"))
                && text.length() <= 5
                && (text.length() == 1 || text.charAt(1) == '.')
                && Ascii.areDigits(text, 2);
        return legal ? Math.min(1, Double.parseDouble(text)) : 0;
    }
}
