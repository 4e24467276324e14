package io.github.csvbackup.management;

import io.github.csvbackup.leftover.Leftovers;
import io.github.csvbackup.watch.Problem;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The last question to the agent's own node for what failed backups left behind, as clients see it.
 *
 * @param answer OFF (the option leftover-interval), NOT_ASKED, TOLD, NO_HYPER_V or FAILED
 * @param time when the node answered last, or failed to; null before the first time
 * @param timeEpochMillis the same in milliseconds since 1970-01-01 UTC; 0 before the first time
 * @param successTime when it last answered, which is what the list shows; null before the first time
 * @param successTimeEpochMillis the same in milliseconds since 1970-01-01 UTC; 0 before the first time
 * @param copiesListedTime when the node's shadow copies were listed; null without a list of the last four days: then no SHADOW_COPY means nothing
 * @param copiesListedTimeEpochMillis the same in milliseconds since 1970-01-01 UTC; 0 without such a list
 * @param problem why the last question failed, and what to do; null if it did not
 */
public record LeftoversAskedView(
        String answer,
        @Nullable String time,
        long timeEpochMillis,
        @Nullable String successTime,
        long successTimeEpochMillis,
        @Nullable String copiesListedTime,
        long copiesListedTimeEpochMillis,
        @Nullable String problem) {
    static LeftoversAskedView of(Leftovers leftovers) {
        Instant at = leftovers.at();
        Instant success = leftovers.lastSuccess();
        Instant listed = leftovers.copiesListed();
        Problem problem = leftovers.problem();
        return new LeftoversAskedView(
                leftovers.answer().name(),
                at == null ? null : CsvBackupState.text(at),
                at == null ? 0 : at.toEpochMilli(),
                success == null ? null : CsvBackupState.text(success),
                success == null ? 0 : success.toEpochMilli(),
                listed == null ? null : CsvBackupState.text(listed),
                listed == null ? 0 : listed.toEpochMilli(),
                problem == null ? null : problem.message() + ". " + problem.remedy());
    }
}
