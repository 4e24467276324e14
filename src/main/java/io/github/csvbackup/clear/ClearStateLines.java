package io.github.csvbackup.clear;

import io.github.csvbackup.state.StateLine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Counters and looks that are still due, as lines of the state file. */
final class ClearStateLines {
    private static final String REQUESTS = "requests";
    private static final String FORCED = "forced";
    private static final String SUSPECT = "suspect";
    private static final String AFTER_CLEAR = "after-clear";
    private static final String TOLD = "told";
    private static final String GAP = "gap";
    private static final String LOOKED = "looked";

    private ClearStateLines() {}

    static List<StateLine> write(ClearCounts counts, List<PendingLook> looks, Map<String, Boolean> looked) {
        List<StateLine> lines = new ArrayList<>();
        counts.requests()
                .forEach((volume, outcomes) -> outcomes.forEach(
                        (outcome, count) -> lines.add(StateLine.of(REQUESTS, volume, outcome, count))));
        counts.forced().forEach((volume, count) -> lines.add(StateLine.of(FORCED, volume, count)));
        counts.suspect().forEach((volume, count) -> lines.add(StateLine.of(SUSPECT, volume, count)));
        for (PendingLook look : looks) {
            lines.add(StateLine.of(
                    AFTER_CLEAR,
                    look.auditId(),
                    look.volume(),
                    look.guidName(),
                    look.clearedAt(),
                    join(look.owing()),
                    join(look.known()),
                    join(look.unanswered()),
                    look.cutOff()));
            look.told().forEach((node, at) -> lines.add(StateLine.of(TOLD, look.auditId(), node, at)));
            look.gaps()
                    .forEach((node, gap) -> lines.add(StateLine.of(GAP, look.auditId(), node, gap.from(), gap.to())));
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
                default -> {}
            }
        }
    }

    private static <T> Map<String, T> byNode(
            List<StateLine> lines, String kind, String auditId, Function<StateLine, T> value) {
        Map<String, T> map = new LinkedHashMap<>();
        for (StateLine line : lines) {
            if (line.kind().equals(kind) && line.text(0).equals(auditId)) {
                map.put(line.text(1), value.apply(line));
            }
        }
        return map;
    }

    static List<PendingLook> readLooks(List<StateLine> lines) {
        return lines.stream()
                .filter(line -> line.kind().equals(AFTER_CLEAR))
                .map(line -> new PendingLook(
                        line.text(1),
                        line.text(2),
                        line.text(0),
                        line.requiredTime(3),
                        byNode(lines, TOLD, line.text(0), told -> told.requiredTime(2)),
                        split(line.text(4)),
                        split(line.text(5)),
                        split(line.text(6)),
                        byNode(
                                lines,
                                GAP,
                                line.text(0),
                                gap -> new PendingLook.Gap(gap.requiredTime(2), gap.requiredTime(3))),
                        Boolean.parseBoolean(line.text(7))))
                .toList();
    }
}
