package io.github.csvbackup.clear;

import io.github.csvbackup.state.StateLine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** Counters and looks that are still due, as lines of the state file. */
final class ClearStateLines {
    private static final String REQUESTS = "requests";
    private static final String FORCED = "forced";
    private static final String SUSPECT = "suspect";
    private static final String UNCHECKED = "unchecked";
    private static final String PENDING_LOOK = "pending-look";
    private static final String LOOKED = "looked";

    private ClearStateLines() {}

    static List<StateLine> writeCounts(ClearCounts counts) {
        List<StateLine> lines = new ArrayList<>();
        counts.requests()
                .forEach((volume, outcomes) -> outcomes.forEach(
                        (outcome, count) -> lines.add(StateLine.of(REQUESTS, volume, outcome, count))));
        counts.forced().forEach((volume, count) -> lines.add(StateLine.of(FORCED, volume, count)));
        counts.suspect().forEach((volume, count) -> lines.add(StateLine.of(SUSPECT, volume, count)));
        lines.add(StateLine.of(UNCHECKED, counts.unchecked()));
        return lines;
    }

    static List<StateLine> writeLooks(List<PendingLook> looks, Map<String, Boolean> looked) {
        List<StateLine> lines = new ArrayList<>();
        for (PendingLook look : looks) {
            PendingLook.Asked first = look.first();
            lines.add(StateLine.of(
                    PENDING_LOOK,
                    look.auditId(),
                    look.volume(),
                    look.guidName(),
                    look.clearedAt(),
                    join(look.known()),
                    join(look.listed()),
                    first == null ? null : first.at(),
                    first == null ? "" : join(first.silent())));
        }
        looked.forEach((id, suspect) -> lines.add(StateLine.of(LOOKED, id, suspect)));
        return lines;
    }

    static Map<String, Boolean> readLooked(List<StateLine> lines) {
        Map<String, Boolean> looked = new LinkedHashMap<>();
        for (StateLine line : lines) {
            if (line.kind().equals(LOOKED)) {
                looked.put(line.text(0), Boolean.valueOf(line.text(1)));
            }
        }
        return looked;
    }

    /** Ids and names of nodes hold no comma. */
    private static String join(Set<String> texts) {
        return texts.stream().sorted().collect(Collectors.joining(","));
    }

    private static Set<String> split(String text) {
        return text.isEmpty() ? Set.of() : Arrays.stream(text.split(",", -1)).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Fills the counters.
     *
     * @throws IllegalArgumentException if a line is not as it was written
     */
    static void readCounts(List<StateLine> lines, Counters into) {
        for (StateLine line : lines) {
            switch (line.kind()) {
                case REQUESTS -> into.requests(line.text(0), Outcome.valueOf(line.text(1)), line.number(2));
                case FORCED -> into.forced(line.text(0), line.number(1));
                case SUSPECT -> into.suspect(line.text(0), line.number(1));
                case UNCHECKED -> into.unchecked(line.number(0));
                default -> {}
            }
        }
    }

    /** @param nanos a time of an earlier run by {@link System#nanoTime} of this one */
    static List<PendingLook> readLooks(List<StateLine> lines, ToLongFunction<Instant> nanos) {
        return lines.stream()
                .filter(line -> line.kind().equals(PENDING_LOOK))
                .map(line -> readLook(line, nanos))
                .toList();
    }

    private static PendingLook readLook(StateLine line, ToLongFunction<Instant> nanos) {
        Instant clearedAt = line.requiredTime(3);
        Instant first = line.time(6);
        return new PendingLook(
                line.text(1),
                line.text(2),
                line.text(0),
                clearedAt,
                nanos.applyAsLong(clearedAt),
                split(line.text(4)),
                split(line.text(5)),
                first == null
                        ? null
                        : new PendingLook.Asked(first, nanos.applyAsLong(first), Set.of(), split(line.text(7))));
    }
}
