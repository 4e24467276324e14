package io.github.csvbackup.guard;

import io.github.csvbackup.text.Times;
import io.github.csvbackup.watch.WatchSettings;
import java.util.function.Predicate;

/** Guards that lack a check. */
public final class PlantedBug {
    private PlantedBug() {}

    /** A guard in which such checks pass, whatever they found. */
    public static Guard guard(WatchSettings settings, Predicate<Check> passes) {
        return new Guard(settings, Times.UTC, check -> passes.test(check) && check.result() != CheckResult.NOT_SET);
    }
}
