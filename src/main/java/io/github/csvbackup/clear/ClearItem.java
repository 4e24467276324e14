package io.github.csvbackup.clear;

import io.github.csvbackup.cluster.VolumeKey;
import io.github.csvbackup.guard.Assessment;
import io.github.csvbackup.watch.WatchedVolume;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A volume of a request to clear: the paths that mean it, and the places in the request that its result belongs to. */
final class ClearItem {
    private final Set<String> paths = new LinkedHashSet<>();
    private final List<Integer> places = new ArrayList<>();
    private String name = "";
    private @Nullable WatchedVolume watched;
    private @Nullable Assessment assessment;

    ClearItem(String path) {
        paths.add(path);
    }

    void addPlace(int place) {
        places.add(place);
    }

    /** Another path of the request that means the same volume. */
    void join(ClearItem same) {
        paths.addAll(same.paths);
        places.addAll(same.places);
    }

    void found(Lookup.Found found) {
        watched = found.watched();
        name = found.name();
    }

    void assessed(Assessment by) {
        assessment = by;
    }

    Set<String> paths() {
        return paths;
    }

    List<Integer> places() {
        return places;
    }

    /** Empty until the volume is found. */
    String name() {
        return name;
    }

    WatchedVolume volume() {
        return require(watched);
    }

    VolumeKey key() {
        return volume().volume().key();
    }

    Assessment assessment() {
        return require(assessment);
    }

    /** What is known of its result. */
    ClearResult.Builder result() {
        return assessment == null ? new ClearResult.Builder(name) : new ClearResult.Builder(name, assessment);
    }

    private static <T> T require(@Nullable T known) {
        if (known == null) {
            throw new IllegalStateException("not known yet");
        }
        return known;
    }
}
