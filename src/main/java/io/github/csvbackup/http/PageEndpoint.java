package io.github.csvbackup.http;

import io.github.csvbackup.cluster.Backend;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeNames;
import io.github.csvbackup.guard.Guard;
import io.github.csvbackup.text.OutsideText;
import io.github.csvbackup.watch.Problem;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.VolumeWatch;
import io.github.csvbackup.watch.WatchedVolume;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A small HTML page with volumes, states and links. Without scripts or requests to other servers.
 *
 * @param auditHead number and hash of the newest audit line, shown to operators only
 */
public record PageEndpoint(String version, Cluster cluster, VolumeWatch watch, Guard guard, Supplier<String> auditHead)
        implements Endpoint {
    private static final String STYLE =
            "body{font:16px system-ui,sans-serif;margin:2em auto;max-width:70em;padding:0 1em;color:#1b1f23}"
                    + "table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.5em .8em;border-bottom:1px solid #d0d7de}"
                    + "th{font-weight:600;color:#57606a}.warn{background:#fff3cd;border-left:4px solid #d39e00;padding:.7em 1em}"
                    + ".IN_PROGRESS,.stale{color:#b35900;font-weight:600}.ACTIVE{color:#0550ae;font-weight:600}"
                    + ".CLEARABLE{color:#1a7f37;font-weight:600}.UNPROVEN{color:#9a6700;font-weight:600}code{font-size:.95em}";

    @Override
    public Reply answer(Request request) {
        Snapshot snapshot = watch.snapshot();
        StringBuilder page = new StringBuilder(4096);
        page.append("<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>CSV backup agent</title>")
                .append(
                        "<meta name=\"viewport\" content=\"width=device-width\"><meta http-equiv=\"refresh\" content=\"10\">")
                .append("<style>")
                .append(STYLE)
                .append("</style></head><body><h1>CSV backup agent</h1>");
        head(page, snapshot);
        table(page, snapshot);
        if (request.operator()) {
            page.append("<p>Newest audit line: <code>")
                    .append(escape(auditHead.get()))
                    .append(
                            "</code>. Keep a copy elsewhere and check it later with <code>audit --verify --expect</code>.</p>");
        }
        page.append(
                        "<p>Times are UTC. <a href=\"/metrics\">Metrics</a> &middot; <a href=\"/healthz\">Health</a> &middot; ")
                .append(
                        "<a href=\"/jolokia/read/io.github.csvbackup:type=CsvBackupState\">This page as JSON</a></p></body></html>\n");
        return new Reply(
                200,
                "text/html; charset=utf-8",
                page.toString(),
                Map.of(
                        "Content-Security-Policy",
                        "default-src 'none'; style-src 'unsafe-inline'",
                        "X-Frame-Options",
                        "DENY"));
    }

    private void head(StringBuilder page, Snapshot snapshot) {
        if (cluster.backend() == Backend.SIMULATED) {
            page.append(
                    "<p class=\"warn\"><strong>SIMULATED.</strong> This is a simulated cluster, not a real one.</p>");
        }
        page.append("<p>Version ").append(escape(version));
        if (!snapshot.clusterName().isEmpty()) {
            page.append(", node ")
                    .append(escape(snapshot.localNode()))
                    .append(" of cluster ")
                    .append(escape(snapshot.clusterName()));
        }
        page.append("; ")
                .append(escape(cluster.backupStateSupport().sentence()))
                .append(".</p>");
        Problem problem = snapshot.pollError();
        if (problem != null) {
            page.append("<p class=\"warn\">The last poll failed: ")
                    .append(escape(problem.message() + ". " + problem.remedy()))
                    .append("</p>");
        }
        snapshot.unreadable()
                .forEach(disk -> page.append(
                                "<p class=\"warn\">A shared disk cannot be read; its volumes may be missing. ")
                        .append(escape(disk.toString()))
                        .append("</p>"));
        Instant last = snapshot.lastSuccess();
        page.append("<p>")
                .append(last == null ? "The cluster has not been read yet." : "Last read: " + time(last) + ".")
                .append("</p>");
    }

    private void table(StringBuilder page, Snapshot snapshot) {
        page.append(
                "<table><thead><tr><th>Volume</th><th>Owner</th><th>State</th><th>Since</th><th>Verdict</th></tr></thead><tbody>");
        VolumeNames names = snapshot.names();
        for (WatchedVolume watched : snapshot.volumes()) {
            String state = watched.volume().backupState().toString();
            String verdict = guard.verdict(snapshot, watched).name();
            Instant since = watched.since();
            page.append("<tr><td><code>")
                    .append(escape(watched.volume().friendlyPath()))
                    .append("</code>")
                    .append(names.isNamedByPath(watched.volume()) ? "" : otherNames(watched.volume()))
                    .append("</td><td>")
                    .append(escape(watched.volume().ownerNode()))
                    .append("</td><td class=\"")
                    .append(state)
                    .append("\">")
                    .append(watched.isReadable() ? state : "not readable; last state " + state)
                    .append("</td><td>")
                    .append(since == null ? "" : time(since))
                    .append(watched.stale() ? " <span class=\"stale\">stale</span>" : "")
                    .append("</td><td class=\"")
                    .append(verdict)
                    .append("\">")
                    .append(verdict)
                    .append("</td></tr>");
        }
        page.append("</tbody></table>");
        if (snapshot.volumes().isEmpty()) {
            page.append("<p>No Cluster Shared Volumes found.</p>");
        }
    }

    /** Distinguishes volumes that share a path. */
    private static String otherNames(Volume volume) {
        return " (<code>" + escape(volume.guidName()) + "</code> on " + escape(volume.resourceName()) + ")";
    }

    private static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS)
                .toString()
                .replace('T', ' ')
                .replace("Z", "");
    }

    private static String escape(String text) {
        return OutsideText.printable(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
