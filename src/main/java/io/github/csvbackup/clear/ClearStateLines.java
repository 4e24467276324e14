package io.github.csvbackup.clear;

import io.github.csvbackup.state.StateLine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Counters and pending checks as lines of the state file. */
final class ClearStateLines {
    private static final String REQUESTS = "requests";
    private static final String FORCED = "forced";
    private static final String SUSPECT = "suspect";
    private static final String UNCHECKED = "unchecked";
    private static final String FOLLOW_UP = "follow-up";
    private static final String JUDGED = "judged";

    private ClearStateLines() {}

    static List<StateLine> writeCounts(ClearCounts counts) {
        List<StateLine> lines = new ArrayList<>();
        ClearTimes last = counts.last();
        counts.requests().forEach((volume, outcomes) -> {
            Map<Outcome, Instant> times = last.requests().getOrDefault(volume, Map.of());
            outcomes.forEach((outcome, count) -> lines.add(
                    counted(REQUESTS, volume, count, times.get(outcome)).with("outcome", outcome)));
        });
        counts.forced()
                .forEach((volume, count) ->
                        lines.add(counted(FORCED, volume, count, last.forced().get(volume))));
        counts.suspect()
                .forEach((volume, count) ->
                        lines.add(counted(SUSPECT, volume, count, last.suspect().get(volume))));
        lines.add(StateLine.of(UNCHECKED).with("count", counts.unchecked()));
        return lines;
    }

    private static StateLine counted(String kind, String volume, long count, @Nullable Instant last) {
        return StateLine.of(kind).with("volume", volume).with("count", count).with("last", last);
    }

    static List<StateLine> writeFollowUps(List<FollowUp> followUps, Map<String, Boolean> judged) {
        List<StateLine> lines = new ArrayList<>();
        for (FollowUp followUp : followUps) {
            FollowUp.Asked first = followUp.first();
            lines.add(StateLine.of(FOLLOW_UP)
                    .with("auditId", followUp.auditId())
                    .with("volume", followUp.volume())
                    .with("guidName", followUp.guidName())
                    .with("clearedAt", followUp.clearedAt())
                    .with("known", sorted(followUp.known()))
                    .with("listed", sorted(followUp.listed()))
                    .with("firstAsked", first == null ? null : first.at())
                    .with("silent", first == null ? null : sorted(first.silent())));
        }
        judged.forEach((id, suspect) ->
                lines.add(StateLine.of(JUDGED).with("auditId", id).with("suspect", suspect)));
        return lines;
    }

    static Map<String, Boolean> readJudged(List<StateLine> lines) {
        Map<String, Boolean> judged = new LinkedHashMap<>();
        for (StateLine line : lines) {
            if (line.kind().equals(JUDGED)) {
                judged.put(line.text("auditId"), line.flag("suspect"));
            }
        }
        return judged;
    }

    private static List<String> sorted(Set<String> texts) {
        return texts.stream().sorted().toList();
    }

    private static Set<String> set(StateLine line, String name) {
        return Set.copyOf(line.list(name, String.class));
    }

    /**
     * Fills the counters.
     *
     * @throws IllegalArgumentException if a line does not have the expected form
     */
    static void readCounts(List<StateLine> lines, Counters into) {
        for (StateLine line : lines) {
            switch (line.kind()) {
                case REQUESTS ->
                    into.requests(
                            line.text("volume"),
                            Outcome.valueOf(line.text("outcome")),
                            line.count("count"),
                            line.time("last"));
                case FORCED -> into.forced(line.text("volume"), line.count("count"), line.time("last"));
                case SUSPECT -> into.suspect(line.text("volume"), line.count("count"), line.time("last"));
                case UNCHECKED -> into.unchecked(line.count("count"));
                default -> {}
            }
        }
    }

    /** @param nanos converts a time of an earlier run to {@link System#nanoTime} of this one */
    static List<FollowUp> readFollowUps(List<StateLine> lines, ToLongFunction<Instant> nanos) {
        return lines.stream()
                .filter(line -> line.kind().equals(FOLLOW_UP))
                .map(line -> readFollowUp(line, nanos))
                .toList();
    }

    private static FollowUp readFollowUp(StateLine line, ToLongFunction<Instant> nanos) {
        Instant clearedAt = line.requiredTime("clearedAt");
        Instant first = line.time("firstAsked");
        return new FollowUp(
                line.text("volume"),
                line.text("guidName"),
                line.text("auditId"),
                clearedAt,
                nanos.applyAsLong(clearedAt),
                set(line, "known"),
                set(line, "listed"),
                first == null
                        ? null
                        : new FollowUp.Asked(first, nanos.applyAsLong(first), Set.of(), set(line, "silent")));
    }
}
