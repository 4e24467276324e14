package io.github.csvbackup.eventlog;

/** The kinds of events. The ids are documented and never change their meaning; {@code EventCreate.exe} has messages for 1 to 1000. */
public enum EventKind {
    STARTED(100, Severity.INFORMATION),
    STOPPED(101, Severity.INFORMATION),
    START_FAILED(102, Severity.ERROR),
    STATE_SET(200, Severity.INFORMATION),
    STATE_ENDED(201, Severity.INFORMATION),
    STALE(202, Severity.WARNING),
    ABANDONED(203, Severity.WARNING),
    LONG_BACKUP(204, Severity.INFORMATION),
    CLEARED(300, Severity.INFORMATION),
    REFUSED(301, Severity.INFORMATION),
    FAILED(302, Severity.WARNING),
    SUSPECT(303, Severity.WARNING),
    FORCED(304, Severity.WARNING),
    POLLS_FAIL(400, Severity.WARNING),
    POLLS_RECOVERED(401, Severity.INFORMATION),
    DISKS_UNREADABLE(402, Severity.WARNING),
    DISKS_READABLE(403, Severity.INFORMATION),
    CERTIFICATE_EXPIRES(500, Severity.WARNING),
    AUDIT_DAMAGED(501, Severity.ERROR);

    /** The level in the Event Viewer. */
    enum Severity {
        ERROR("Error", 1),
        WARNING("Warning", 2),
        INFORMATION("Information", 4);

        private final String label;

        /** {@code EVENTLOG_..._TYPE} of winnt.h. */
        final short type;

        Severity(String label, int type) {
            this.label = label;
            this.type = (short) type;
        }
    }

    private final int id;
    final Severity severity;

    EventKind(int id, Severity severity) {
        this.id = id;
        this.severity = severity;
    }

    public int id() {
        return id;
    }

    /** The level's name in the Event Viewer. */
    public String level() {
        return severity.label;
    }
}
