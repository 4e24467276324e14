package io.github.csvbackup.agent.options;

/**
 * The options of the audit.
 *
 * @param strict whether clears are refused after another program changed the audit
 * @param keep how many rotated files to keep, at least 1; 0 keeps all
 */
public record AuditOptions(boolean strict, int keep) {
    /** The defaults. */
    public static final AuditOptions DEFAULT = new AuditOptions(false, 0);
}
