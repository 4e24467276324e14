package io.github.csvbackup.agent.options;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The end of a message about an unknown name: the name that was probably meant, or all valid names. */
public final class Suggestion {
    private Suggestion() {}

    /**
     * {@code did you mean 'port'?}, or {@code expected one of host, port.} if no name is close.
     *
     * @param prefix goes before each name in the message, such as two dashes
     * @param typed the unknown name, without the prefix
     */
    public static String of(String prefix, String typed, Collection<String> names) {
        return nearest(typed, names)
                .map(name -> "did you mean '" + prefix + name + "'?")
                .orElseGet(() -> "expected one of "
                        + names.stream().map(name -> prefix + name).collect(Collectors.joining(", ")) + ".");
    }

    private static Optional<String> nearest(String typed, Collection<String> names) {
        String wanted = normal(typed);
        Optional<String> best = Optional.empty();
        int bestDistance = Math.max(2, wanted.length() / 2) + 1;
        for (String name : names) {
            // A common beginning counts more than similarity: stale means stale-after, not host.
            boolean begins = !wanted.isEmpty() && normal(name).startsWith(wanted);
            int distance = begins ? 0 : distance(wanted, normal(name));
            if (distance < bestDistance) {
                best = Optional.of(name);
                bestDistance = distance;
            }
        }
        return best;
    }

    private static String normal(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The number of insertions, deletions and replacements from one to the other (Levenshtein). */
    private static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
