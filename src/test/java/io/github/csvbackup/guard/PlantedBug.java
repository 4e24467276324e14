package io.github.csvbackup.guard;

import io.github.csvbackup.text.Times;
import io.github.csvbackup.watch.WatchSettings;

/** Guards that lack a check. */
public final class PlantedBug {
    private PlantedBug() {}

    /** A guard in which the named check always passes; without a name, a correct one. */
    public static Guard guard(WatchSettings settings, String checkName) {
        return new Guard(
                settings,
                Times.UTC,
                check -> !checkName.isEmpty()
                        && (check.name() + " ").startsWith(checkName + " ")
                        && check.result() != CheckResult.NOT_SET);
    }
}
