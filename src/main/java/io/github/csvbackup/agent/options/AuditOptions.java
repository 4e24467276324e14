package io.github.csvbackup.agent.options;

/**
 * How the audit is kept.
 *
 * @param strict whether nothing is cleared after somebody else changed it
 * @param keep how many files that were set aside stay, from 1; 0 keeps all
 */
public record AuditOptions(boolean strict, int keep) {
    /** The defaults. */
    public static final AuditOptions DEFAULT = new AuditOptions(false, 0);
}
