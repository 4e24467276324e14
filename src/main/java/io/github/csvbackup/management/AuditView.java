package io.github.csvbackup.management;

import io.github.csvbackup.audit.AuditRecord;
import io.github.csvbackup.text.OutsideText;

/**
 * A line of the audit as clients see it. A text is empty if the line does not have that field.
 *
 * @param number line number
 * @param at time, ISO-8601 in UTC
 * @param kind intent, outcome, refused, suspect, unchecked, late or unfinished; start, stop, mismatch or retired for the audit itself
 * @param id shared by an intent and its outcome
 * @param batch id of the request to clear, shared by the lines of one clearAll; empty in other lines
 * @param volume friendly path
 * @param principal who made the request
 * @param role operator or reader
 * @param surface http or jmx
 * @param remoteAddress where the request came from
 * @param verdict verdict of the guard
 * @param reason why the guard was overridden
 * @param message what happened
 */
public record AuditView(
        long number,
        String at,
        String kind,
        String id,
        String batch,
        String volume,
        String principal,
        String role,
        String surface,
        String remoteAddress,
        String outcome,
        String verdict,
        String reason,
        String message) {
    static AuditView of(AuditRecord line) {
        return new AuditView(
                line.number(),
                text(line, "at"),
                text(line, "kind"),
                text(line, "id"),
                text(line, "batch"),
                text(line, "volume"),
                text(line, "principal"),
                text(line, "role"),
                text(line, "surface"),
                text(line, "remoteAddress"),
                text(line, "outcome"),
                text(line, "verdict"),
                text(line, "reason"),
                text(line, "message"));
    }

    private static String text(AuditRecord line, String name) {
        return OutsideText.printable(line.text(name));
    }
}
