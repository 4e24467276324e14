package io.github.csvbackup.management;

import io.github.csvbackup.guard.Check;
import io.github.csvbackup.openmbean.Description;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One check of an assessment as clients see it. */
public record CheckView(
        @Description("what was checked") String name,

        @Description("PASSED, DEFERRED, RECENT, UNKNOWN, BACKUP or NOT_SET")
        String result,

        @Description("what was seen") String seen,

        @Description("when it was seen; null if nobody looked") @Nullable
        String at,

        @Description("at, in milliseconds of the epoch; 0: nobody looked")
        long atEpochMillis,

        @Description("what to do about it; empty if nothing")
        String remedy) {
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
