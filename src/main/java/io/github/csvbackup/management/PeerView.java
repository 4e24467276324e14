package io.github.csvbackup.management;

import io.github.csvbackup.peer.PeerOutcome;
import io.github.csvbackup.peer.PeerStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The last question to the agent of another node as clients see it.
 *
 * @param url where it was asked; empty if that is not known
 * @param outcome answered, or why no answer counts, in one word; null if it was not asked
 * @param time when the outcome was known; null if it was not asked
 * @param timeEpochMillis the same; 0 if it was not asked
 * @param said what it answered, or why no answer counts
 * @param remedy what to do; empty if nothing
 */
public record PeerView(
        String node,
        String url,
        @Nullable String outcome,
        @Nullable String time,
        long timeEpochMillis,
        String said,
        String remedy) {
    static List<PeerView> of(List<PeerStatus> all) {
        return all.stream().map(PeerView::of).toList();
    }

    private static PeerView of(PeerStatus status) {
        PeerOutcome outcome = status.outcome();
        Instant at = status.at();
        return new PeerView(
                status.node(),
                status.url(),
                outcome == null ? null : outcome.text(),
                at == null ? null : at.toString(),
                at == null ? 0 : at.toEpochMilli(),
                status.said(),
                status.remedy());
    }
}
