package io.github.csvbackup.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Chooses between the two formats that a scrape can have by the weights of an Accept header (RFC 9110, section 12.5.1): the more exact a media
 * range, the sooner it decides a format's weight, and 0 excludes the format. Whoever excludes both gets the text format: a metric in a format
 * that was not asked for is more useful than none.
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
     * @param version empty if it names none
     * @param weight from 0 to 1
     */
    private record Range(String type, String version, double weight) {
        /** How exactly it names a type: 0 for not at all, 1 for all types, 2 for those with this beginning, 3 for the type itself. */
        int exactness(String wanted, Set<String> versions) {
            if (type.equals(wanted)) {
                return versions.contains(version) ? 3 : 0;
            }
            if (type.equals(wanted.substring(0, wanted.indexOf('/')) + "/*")) {
                return 2;
            }
            return type.equals("*/*") ? 1 : 0;
        }
    }

    /** What the header makes of one format. */
    private record Wish(double weight, int exactness, int position) {}

    /**
     * True if OpenMetrics is preferred to the text format. Of two equal weights the more exact range counts, and then the earlier one.
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
        return openMetrics.exactness() != text.exactness()
                ? openMetrics.exactness() > text.exactness()
                : openMetrics.position() < text.position();
    }

    /** The most exact range decides; of several such, as for two versions, the one of the highest weight. */
    private static Wish wish(List<Range> ranges, String type, Set<String> versions) {
        Wish best = new Wish(0, 0, Integer.MAX_VALUE);
        for (int position = 0; position < ranges.size(); position++) {
            Range range = ranges.get(position);
            int exactness = range.exactness(type, versions);
            if (exactness > best.exactness() || (exactness == best.exactness() && range.weight() > best.weight())) {
                best = new Wish(exactness == 0 ? 0 : range.weight(), exactness, position);
            }
        }
        return best;
    }

    private static List<Range> ranges(String header) {
        List<Range> ranges = new ArrayList<>();
        for (String part : header.toLowerCase(Locale.ROOT).split(",", -1)) {
            String[] pieces = part.split(";", -1);
            String version = "";
            double weight = 1;
            for (int i = 1; i < pieces.length; i++) {
                String piece = pieces[i].strip();
                if (piece.startsWith("version=")) {
                    version = piece.substring("version=".length()).replace("\"", "");
                } else if (piece.startsWith("q=")) {
                    weight = weight(piece.substring("q=".length()));
                }
            }
            ranges.add(new Range(pieces[0].strip(), version, weight));
        }
        return ranges;
    }

    /** 0, 1 or a fraction of up to three digits; what is written otherwise is not asked for. */
    private static double weight(String text) {
        boolean legal = (text.startsWith("0") || text.startsWith("1"))
                && text.length() <= 5
                && (text.length() == 1 || text.charAt(1) == '.')
                && text.chars().skip(2).allMatch(c -> c >= '0' && c <= '9');
        return legal ? Math.min(1, Double.parseDouble(text)) : 0;
    }
}
