package io.github.csvbackup.model;

import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.watch.WatchSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the cluster said about one volume since the agent started, and so which checks of that volume may pass. */
final class SeenVolume {
    private final WatchSettings settings;
    private @Nullable Volume volume;
    private @Nullable Instant read;
    private @Nullable Instant observedSince;

    SeenVolume(WatchSettings settings) {
        this.settings = settings;
    }

    /** The cluster could not be read. */
    void clusterUnread(@Nullable String localNode) {
        if (!isReadAtTheSlowRate(localNode)) {
            volume = null;
        }
        observedSince = null;
    }

    /** A poll does not read such a volume, so a failed poll says nothing about it. */
    private boolean isReadAtTheSlowRate(@Nullable String localNode) {
        return localNode != null
                && volume != null
                && !volume.ownerNode().equals(localNode)
                && volume.backupState().isNone();
    }

    /** Its disk was read; without volumes if that failed. */
    void read(List<Volume> volumes, Instant at) {
        Volume before = volume;
        Volume now = volumes.isEmpty() ? null : volumes.get(0);
        boolean late = read == null || Duration.between(read, at).compareTo(settings.gap()) > 0;
        volume = now;
        read = at;
        if (now == null || now.backupState().isNone() || !now.resourceState().isOnline()) {
            observedSince = null;
        } else if (observedSince == null
                || late
                || before == null
                || !before.ownerNode().equals(now.ownerNode())) {
            observedSince = at;
        }
    }

    boolean isFresh(Instant now) {
        return volume != null && read != null && Duration.between(read, now).compareTo(settings.freshForOthers()) <= 0;
    }

    boolean isOnline() {
        return volume != null && volume.resourceState().isOnline();
    }

    boolean isSet() {
        return volume != null && volume.backupState().isInProgress();
    }

    boolean isObservedLongEnough() {
        return observedSince != null
                && read != null
                && Duration.between(observedSince, read).compareTo(settings.staleAfter()) > 0;
    }
}
