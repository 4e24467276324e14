package io.github.csvbackup.leftover;

import java.util.Locale;

/** What a failed backup can leave behind. */
public enum LeftoverKind {
    /** A recovery checkpoint that nothing removes any more. Its differencing disks grow until the volume is full. */
    CHECKPOINT,

    /** The merging of the machine's disks is switched off, so that no checkpoint of it will ever merge. */
    NOT_MERGING,

    /** The machine has said for too long that it is being backed up. */
    STUCK_MACHINE,

    /** A persistent shadow copy that is older than {@code leftover-after}. */
    SHADOW_COPY;

    /** The label of a metric, such as {@code not_merging}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
