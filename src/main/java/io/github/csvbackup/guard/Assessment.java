package io.github.csvbackup.guard;

import io.github.csvbackup.cluster.Volume;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The guard's answer for one volume.
 *
 * @param volume as it was read for this assessment
 * @param checks all checks, whatever their results
 * @param reason for the verdict: one sentence, with which {@code nextStep} begins
 * @param nextStep the reason, and what to do next: one or more sentences
 * @param earliestClear an estimate of when the volume becomes clearable if everybody only waits; null if no state is set or it is not known
 * @param at when it was made
 */
public record Assessment(
        Volume volume,
        Verdict verdict,
        List<Check> checks,
        String reason,
        String nextStep,
        @Nullable Instant earliestClear,
        Instant at) {
    public Assessment {
        checks = List.copyOf(checks);
    }
}
