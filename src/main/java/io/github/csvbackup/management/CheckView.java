package io.github.csvbackup.management;

import io.github.csvbackup.guard.Check;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One check of an assessment as clients see it.
 *
 * @param result PASSED, DEFERRED, RECENT, UNKNOWN, BACKUP or NOT_SET
 * @param seen what was observed
 * @param at time of the observation, ISO-8601 in UTC; null if not checked
 * @param atEpochMillis the same in milliseconds since 1970-01-01 UTC; 0 if not checked
 * @param remedy what to do; empty if nothing
 */
public record CheckView(
        String name, String result, String seen, @Nullable String at, long atEpochMillis, String remedy) {
    static CheckView of(Check check) {
        Instant at = check.at();
        return new CheckView(
                check.name(),
                check.result().name(),
                check.seen(),
                at == null ? null : at.toString(),
                at == null ? 0 : at.toEpochMilli(),
                check.remedy());
    }
}
