package io.github.csvbackup.guard;

import io.github.csvbackup.cluster.Volume;
import java.time.Instant;
import java.util.List;

/**
 * The guard's answer for one volume.
 *
 * @param volume as it was read for this assessment
 * @param checks all checks, whatever their results
 * @param nextStep what to do next: one or more sentences
 * @param at when it was made
 */
public record Assessment(Volume volume, Verdict verdict, List<Check> checks, String nextStep, Instant at) {
    public Assessment {
        checks = List.copyOf(checks);
    }
}
