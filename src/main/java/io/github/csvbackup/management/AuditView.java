package io.github.csvbackup.management;

import io.github.csvbackup.audit.AuditRecord;
import io.github.csvbackup.openmbean.Description;

/** A line of the audit as clients see it; texts are empty where the line has no such field. */
public record AuditView(
        @Description("number of the line") long number,
        @Description("when, ISO-8601 in UTC") String at,

        @Description("intent, outcome, refused, suspect, late, unfinished or torn")
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
                line.text("at"),
                line.text("kind"),
                line.text("id"),
                line.text("volume"),
                line.text("principal"),
                line.text("role"),
                line.text("surface"),
                line.text("remoteAddress"),
                line.text("outcome"),
                line.text("verdict"),
                line.text("reason"),
                line.text("message"));
    }
}
