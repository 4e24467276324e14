package io.github.csvbackup.guard;

import io.github.csvbackup.watch.WatchSettings;

/** Guards that lack a check. */
public final class PlantedBug {
    private PlantedBug() {}

    /** A guard for which a check always passes; with no name a sound one. */
    public static Guard guard(WatchSettings settings, String checkName) {
        return new Guard(
                settings,
                check -> !checkName.isEmpty()
                        && (check.name() + " ").startsWith(checkName + " ")
                        && check.result() != CheckResult.NOT_SET);
    }
}
