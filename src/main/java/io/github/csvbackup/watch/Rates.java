package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.SharedDisk;
import java.util.HashSet;
import java.util.Set;

/**
 * Which disks each poll reads: those that this node owns, those whose state is set or not known, and those that a caller wants. All others are
 * read at a slower rate, because each read is work for the resource host of the disk's owner, whose agent reads it at the fast rate.
 */
final class Rates {
    private final String localNode;
    private final Set<String> wanted;
    private final KnownVolumes known;
    private final Set<String> unreadable = new HashSet<>();
    private final Set<String> empty;

    /**
     * @param wanted ids of disks that are read at each poll anyway
     * @param empty ids of disks without volumes
     */
    Rates(Snapshot before, String localNode, Set<String> wanted, Set<String> empty) {
        this.empty = empty;
        this.localNode = localNode;
        this.wanted = wanted;
        this.known = new KnownVolumes(before.volumes());
        before.unreadable().forEach(disk -> unreadable.add(disk.resource()));
    }

    /**
     * A disk that was not read since the agent started is read at once; if that fails, at the slower rate. One that is not Online costs its owner
     * nothing.
     */
    boolean isFast(SharedDisk disk) {
        boolean wasRead = empty.contains(disk.id());
        for (WatchedVolume volume : known.on(disk.id())) {
            if (!volume.volume().backupState().isNone()) {
                return true;
            }
            wasRead |= volume.isReadable();
        }
        return disk.owner().equalsIgnoreCase(localNode)
                || wanted.contains(disk.id())
                || !disk.state().isOnline()
                || !(wasRead || unreadable.contains(disk.id()));
    }
}
