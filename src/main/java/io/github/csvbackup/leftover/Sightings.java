package io.github.csvbackup.leftover;

import io.github.csvbackup.state.StateLine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Since when this agent has seen what has no time of its own: machines that say that they are being backed up, machines whose merging is off, and
 * checkpoints without a valid time. Survives a restart. Immutable.
 *
 * @param last when the node last answered; null if it never did
 */
public record Sightings(@Nullable Instant last, Map<Seen, Instant> since) {
    public static final Sightings NONE = new Sightings(null, Map.of());

    private static final String KIND = "leftover";

    /** @param id of the machine or the checkpoint */
    record Seen(LeftoverKind kind, String id) {}

    public Sightings {
        since = Map.copyOf(since);
    }

    /** @param seen what an answer says now; all else has ended */
    Sightings next(Set<Seen> seen, Instant now, Duration gap) {
        boolean isGap = last != null && Duration.between(last, now).compareTo(gap) > 0;
        Map<Seen, Instant> kept = new HashMap<>();
        for (Seen each : seen) {
            Instant earlier = since.get(each);
            // The id of a checkpoint stands for one checkpoint; a machine may have begun another backup.
            boolean goesOn =
                    earlier != null && !earlier.isAfter(now) && (each.kind() == LeftoverKind.CHECKPOINT || !isGap);
            kept.put(each, earlier != null && goesOn ? earlier : now);
        }
        return new Sightings(now, kept);
    }

    @Nullable
    Instant since(LeftoverKind kind, String id) {
        return since.get(new Seen(kind, id));
    }

    /** True if they differ only in when the node last answered. */
    public static boolean sayTheSame(@Nullable Sightings one, @Nullable Sightings other) {
        return (one == null ? NONE : one).since().equals((other == null ? NONE : other).since());
    }

    /** For the state file. */
    public List<StateLine> lines() {
        List<StateLine> lines = new ArrayList<>();
        since.forEach((seen, at) -> lines.add(StateLine.of(KIND)
                .with("what", seen.kind().label())
                .with("id", seen.id())
                .with("since", at)
                .with("last", last)));
        return lines;
    }

    /**
     * Null if the lines have none.
     *
     * @throws IllegalArgumentException if a line does not have the expected form
     */
    public static @Nullable Sightings read(List<StateLine> lines) {
        Instant last = null;
        Map<Seen, Instant> since = new HashMap<>();
        for (StateLine line : lines) {
            if (line.kind().equals(KIND)) {
                last = line.requiredTime("last");
                since.put(new Seen(kind(line.text("what")), line.text("id")), line.requiredTime("since"));
            }
        }
        return last == null ? null : new Sightings(last, since);
    }

    private static LeftoverKind kind(String label) {
        return Arrays.stream(LeftoverKind.values())
                .filter(kind -> kind.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("\"" + label + "\" is not a kind of leftover"));
    }
}
