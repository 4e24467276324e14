package io.github.csvbackup.clear;

import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.Win32Error;
import io.github.csvbackup.watch.Problem;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.WatchedVolume;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The volume that a path means in a snapshot, or the result of a clear that does not find one. */
sealed interface Lookup {
    /** The volume and its name. */
    record Found(WatchedVolume watched, String name) implements Lookup {}

    /** How a clear ends that does not find a volume. */
    record Failed(Outcome outcome, @Nullable Integer code, String message) implements Lookup {
        private static Failed of(Outcome outcome, @Nullable Integer code, Exception e) {
            return new Failed(outcome, code, String.valueOf(e.getMessage()));
        }
    }

    /** The volume of a path. Does not throw. */
    static Lookup of(String path, Snapshot snapshot) {
        try {
            WatchedVolume watched = find(path, snapshot);
            return new Found(watched, snapshot.names().of(watched.volume()));
        } catch (AmbiguousPathException e) {
            return Failed.of(Outcome.REFUSED, null, e);
        } catch (IllegalArgumentException e) {
            return Failed.of(Outcome.FAILED, Win32Error.INVALID_PARAMETER, e);
        } catch (IllegalStateException e) {
            return Failed.of(Outcome.FAILED, null, e);
        }
    }

    /**
     * The volume of a path.
     *
     * @throws IllegalArgumentException with a message for users, if the path is malformed, ambiguous or not on a volume
     * @throws IllegalStateException with a message for users, if the cluster could not be read
     */
    static WatchedVolume find(String path, Snapshot snapshot) {
        Problem problem = snapshot.pollError();
        if (problem != null && snapshot.volumes().isEmpty()) {
            throw new IllegalStateException(
                    "The cluster cannot be read: " + problem.message() + ". " + problem.remedy());
        }
        List<Volume> volumes =
                snapshot.volumes().stream().map(WatchedVolume::volume).toList();
        return VolumePath.parse(path, volumes)
                .on(volumes)
                .flatMap(volume -> snapshot.volume(volume.key()))
                .orElseThrow(() -> new IllegalArgumentException(Refusals.notOnAVolume(path, snapshot)));
    }
}
