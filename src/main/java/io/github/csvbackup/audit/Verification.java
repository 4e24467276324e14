package io.github.csvbackup.audit;

import java.util.List;

/**
 * What a check of a whole record found.
 *
 * @param lines how many there are
 * @param newest the newest of them
 * @param problems where the record does not hold and how, clauses, in order; empty if it holds
 */
public record Verification(long lines, Mark newest, List<String> problems) {
    public Verification {
        problems = List.copyOf(problems);
    }
}
