package io.github.csvbackup.guard;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One check of an assessment.
 *
 * @param name what was checked, such as {@code vss-stopped NODE2}
 * @param seen what was seen: a sentence without a full stop
 * @param at when it was seen; null if it was not checked
 * @param remedy what to do about it: a sentence; empty if there is nothing to do
 */
public record Check(
        String name,
        CheckResult result,
        String seen,
        @Nullable Instant at,
        String remedy) {
    /** The same check with the result PASSED. */
    Check passed() {
        return new Check(name, CheckResult.PASSED, seen, at, remedy);
    }
}
