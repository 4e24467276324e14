package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.SharedDisk;
import io.github.csvbackup.cluster.Volume;
import java.util.HashSet;
import java.util.Set;

/**
 * Which disks each poll reads: those that this node owns, those whose state is set or not known, and those that a caller wants. All others are
 * read at a slower rate, because each read is work for the resource host of the disk's owner, whose agent reads it at the fast rate.
 */
final class Rates {
    private final String localNode;
    private final Wanted wanted;
    /** The disks whose volumes were read. */
    private final Set<String> known = new HashSet<>();
    /** Those of them with a volume whose state is set or unknown. */
    private final Set<String> set = new HashSet<>();

    private final Set<String> unreadable = new HashSet<>();
    private final Set<String> empty;

    /** @param empty ids of disks without volumes */
    Rates(Snapshot before, String localNode, Wanted wanted, Set<String> empty) {
        this.empty = empty;
        this.localNode = localNode;
        this.wanted = wanted;
        for (WatchedVolume watched : before.volumes()) {
            Volume volume = watched.volume();
            if (watched.isReadable()) {
                known.add(volume.resourceId());
            }
            if (!volume.backupState().isNone()) {
                set.add(volume.resourceId());
            }
        }
        before.unreadable().forEach(disk -> unreadable.add(disk.resource()));
    }

    /**
     * A disk that was not read since the agent started is read at once; if that fails, at the slower rate. One that is not Online costs its owner
     * nothing.
     */
    boolean isFast(SharedDisk disk) {
        return disk.owner().equalsIgnoreCase(localNode)
                || wanted.includes(disk.id())
                || set.contains(disk.id())
                || !disk.state().isOnline()
                || !(known.contains(disk.id()) || unreadable.contains(disk.id()) || empty.contains(disk.id()));
    }
}
