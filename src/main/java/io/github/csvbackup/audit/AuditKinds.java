package io.github.csvbackup.audit;

/** The kinds of lines that the audit itself adds. */
final class AuditKinds {
    /** The agent started. */
    static final String START = "start";
    /** The agent stopped. */
    static final String STOP = "stop";
    /** The audit was changed by something other than the agent. */
    static final String MISMATCH = "mismatch";
    /** The oldest files are deleted because of the option audit-keep. */
    static final String RETIRED = "retired";

    private AuditKinds() {}
}
