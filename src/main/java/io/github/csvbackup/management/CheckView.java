package io.github.csvbackup.management;

import io.github.csvbackup.guard.Check;
import io.github.csvbackup.openmbean.Description;

/** One check of an assessment as clients see it. */
public record CheckView(
        @Description("what was checked") String name,

        @Description("PASSED, DEFERRED, RECENT, UNKNOWN, BACKUP or NOT_SET")
        String result,

        @Description("what was seen") String seen,

        @Description("what to do about it; empty if nothing")
        String remedy) {
    static CheckView of(Check check) {
        return new CheckView(check.name(), check.result().name(), check.seen(), check.remedy());
    }
}
