package io.github.csvbackup.clear;

import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.security.Role;
import io.github.csvbackup.watch.Snapshot;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Lists shadow copies on request. A reader who asks again soon gets the last lists: asking keeps the VSS service running, and a clear is refused
 * while it runs. Thread-safe.
 */
final class ShadowCopyLists {
    private static final Duration READERS_ASK_EVERY = Duration.ofMinutes(15);

    private final EvidenceGatherer gatherer;
    private final Clock clock;
    private volatile @Nullable FoundShadowCopies last;

    ShadowCopyLists(EvidenceGatherer gatherer, Clock clock) {
        this.gatherer = gatherer;
        this.clock = clock;
    }

    FoundShadowCopies of(Volume volume, Snapshot snapshot, Caller caller) {
        Instant now = clock.instant();
        FoundShadowCopies earlier = last;
        if (caller.role() != Role.OPERATOR && earlier != null) {
            Duration age = Duration.between(earlier.at(), now);
            if (!age.isNegative() && age.compareTo(READERS_ASK_EVERY) < 0) {
                return new FoundShadowCopies(volume, earlier.answers(), gatherer.leftToAgents(snapshot), earlier.at());
            }
        }
        FoundShadowCopies found =
                new FoundShadowCopies(volume, gatherer.ask(snapshot), gatherer.leftToAgents(snapshot), now);
        last = found;
        return found;
    }
}
