package io.github.csvbackup.audit;

import java.time.Clock;

/**
 * How the record is kept.
 *
 * @param version the agent's version, which each line carries
 * @param strict whether nothing is cleared after the record was found to be changed
 * @param keep how many files that were set aside stay, from 1; 0 keeps all
 * @param large a file of so many bytes is set aside
 * @param clock for the lines that the record adds by itself
 */
public record AuditSettings(String version, boolean strict, int keep, long large, Clock clock) {
    /** So many bytes make a file large. */
    public static final long LARGE = 16L * 1024 * 1024;

    /** Keeps all files, and clears go on after a mismatch. */
    public static AuditSettings of(String version) {
        return new AuditSettings(version, false, 0, LARGE, Clock.systemUTC());
    }
}
