package io.github.csvbackup.audit;

import java.util.List;

/**
 * The result of checking a whole audit.
 *
 * @param lines the number of lines
 * @param newest the newest line
 * @param problems clauses with position and problem, in order; empty if there is no problem
 */
public record Verification(long lines, Mark newest, List<String> problems) {
    public Verification {
        problems = List.copyOf(problems);
    }
}
