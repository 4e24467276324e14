package io.github.csvbackup.audit;

/** Kinds of lines that the record adds by itself. */
final class AuditKinds {
    /** The agent started. */
    static final String START = "start";
    /** The agent stopped. */
    static final String STOP = "stop";
    /** Somebody else had changed the record. */
    static final String MISMATCH = "mismatch";
    /** The oldest files are removed, as the option audit-keep says. */
    static final String RETIRED = "retired";

    private AuditKinds() {}
}
