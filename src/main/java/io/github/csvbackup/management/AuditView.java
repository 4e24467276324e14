package io.github.csvbackup.management;

import io.github.csvbackup.audit.AuditRecord;
import io.github.csvbackup.openmbean.Description;
import io.github.csvbackup.text.OutsideText;

/** A line of the audit as clients see it; texts are empty where the line has no such field. */
public record AuditView(
        @Description("number of the line") long number,
        @Description("when, ISO-8601 in UTC") String at,

        @Description(
                "intent, outcome, refused, suspect, unchecked, late or unfinished; of the audit itself start, stop, mismatch or retired")
        String kind,

        @Description("id that an intent and its outcome share")
        String id,

        @Description("friendly path") String volume,
        @Description("who asked") String principal,
        @Description("operator or reader") String role,
        @Description("http or jmx") String surface,

        @Description("where the request came from") String remoteAddress,
        @Description("how it ended") String outcome,
        @Description("the guard's verdict") String verdict,

        @Description("why the guard was overruled") String reason,
        @Description("what happened") String message) {
    static AuditView of(AuditRecord line) {
        return new AuditView(
                line.number(),
                text(line, "at"),
                text(line, "kind"),
                text(line, "id"),
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
