package io.github.csvbackup.management;

import io.github.csvbackup.leftover.Leftover;
import io.github.csvbackup.leftover.LeftoverKind;
import java.util.List;

/** How much of each kind failed backups left behind. What lies on two volumes counts for each. */
public record LeftoverCountsView(int checkpoint, int notMerging, int stuckMachine, int shadowCopy) {
    static LeftoverCountsView of(List<Leftover> leftovers) {
        return new LeftoverCountsView(
                count(leftovers, LeftoverKind.CHECKPOINT),
                count(leftovers, LeftoverKind.NOT_MERGING),
                count(leftovers, LeftoverKind.STUCK_MACHINE),
                count(leftovers, LeftoverKind.SHADOW_COPY));
    }

    private static int count(List<Leftover> leftovers, LeftoverKind kind) {
        return (int)
                leftovers.stream().filter(leftover -> leftover.kind() == kind).count();
    }
}
