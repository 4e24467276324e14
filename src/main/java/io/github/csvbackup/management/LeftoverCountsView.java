package io.github.csvbackup.management;

import io.github.csvbackup.leftover.Leftover;
import io.github.csvbackup.leftover.LeftoverKind;
import java.util.List;

/** How much of each kind failed backups left behind. What lies on two volumes counts for each. */
public record LeftoverCountsView(int checkpoint, int notMerging, int stuckMachine, int shadowCopy) {
    static LeftoverCountsView of(List<Leftover> leftovers) {
        int[] counts = new int[LeftoverKind.values().length];
        leftovers.forEach(leftover -> counts[leftover.kind().ordinal()]++);
        return new LeftoverCountsView(
                counts[LeftoverKind.CHECKPOINT.ordinal()],
                counts[LeftoverKind.NOT_MERGING.ordinal()],
                counts[LeftoverKind.STUCK_MACHINE.ordinal()],
                counts[LeftoverKind.SHADOW_COPY.ordinal()]);
    }
}
