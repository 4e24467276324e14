package io.github.csvbackup.clear;

import io.github.csvbackup.text.Times;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When a clear of each kind was counted last, by the volume's name; kept across restarts. Immutable.
 *
 * @param requests when requests ended, by outcome
 * @param forced when clears that overrode the guard ended
 * @param suspect when the agent found a new shadow copy after a clear
 */
public record ClearTimes(
        Map<String, Map<Outcome, Instant>> requests, Map<String, Instant> forced, Map<String, Instant> suspect) {
    /** No clear yet. */
    public static final ClearTimes NONE = new ClearTimes(Map.of(), Map.of(), Map.of());

    /**
     * Says that the last clear of a volume left this state set, or that it may have; otherwise it is empty.
     *
     * @param since when the state was seen first; null if that is unknown
     */
    public String unsuccessful(String volume, @Nullable Instant since, Times times, Instant now) {
        Outcome last = null;
        Instant at = Instant.MIN;
        for (Map.Entry<Outcome, Instant> each :
                requests.getOrDefault(volume, Map.of()).entrySet()) {
            if (each.getKey().mayHaveCalled() && each.getValue().isAfter(at)) {
                last = each.getKey();
                at = each.getValue();
            }
        }
        return last == null || last == Outcome.CLEARED || (since != null && at.isBefore(since))
                ? ""
                : "Its last clear, at " + times.timeOn(now, at) + ", ended as " + last
                        + ": read its message (Get-CsvBackupAudit) before you repeat it.";
    }
}
