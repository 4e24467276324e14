package io.github.csvbackup.audit;

import java.time.Clock;

/**
 * The settings of the audit.
 *
 * @param version the agent's version, which each line contains
 * @param strict whether clears are refused after a mismatch
 * @param keep how many rotated files to keep, at least 1; 0 keeps all
 * @param large the size in bytes at which a file is rotated
 * @param clock for the lines that the audit itself adds
 */
public record AuditSettings(String version, boolean strict, int keep, long large, Clock clock) {
    /** The default size at which a file is rotated. */
    public static final long LARGE = 16L * 1024 * 1024;

    /** Keeps all files, and allows clears after a mismatch. */
    public static AuditSettings of(String version) {
        return new AuditSettings(version, false, 0, LARGE, Clock.systemUTC());
    }
}
