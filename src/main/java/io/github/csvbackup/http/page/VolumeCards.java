package io.github.csvbackup.http.page;

import io.github.csvbackup.clear.ClearTimes;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.guard.Verdict;
import io.github.csvbackup.watch.WatchedVolume;
import java.time.Instant;
import java.util.List;

/** The volumes with a backup state: one box each, with the reason for the verdict and the commands to copy. */
record VolumeCards(Reading reading, Commands commands, ClearTimes last) {
    /** More would make the page too large for a phone; the others are listed without commands. */
    private static final int MOST = 50;

    void write(Html html, List<VolumeReport> reports) {
        if (reports.isEmpty()) {
            return;
        }
        html.markup("<section><h2>Volumes with a backup state</h2>");
        // With a certificate each command needs credentials, which volumes in a pipeline do not carry.
        if (commands.isLocal()
                && reports.stream()
                                .filter(report -> report.is(Verdict.CLEARABLE))
                                .count()
                        > 1) {
            html.markup("<p>All that can be cleared, in PowerShell:</p>");
            command(html, commands.clearAll());
        }
        reports.stream().limit(MOST).forEach(report -> card(html, report));
        if (reports.size() > MOST) {
            html.markup("<details><summary>and ")
                    .text(reports.size() - MOST + " more")
                    .markup("</summary><ul class=\"rows\">");
            reports.stream().skip(MOST).forEach(report -> row(html, report));
            html.markup("</ul></details>");
        }
        html.markup(
                        "<p class=\"note\">Run the PowerShell commands as administrator, after <code>Import-Module CsvBackupState</code>, ")
                .markup("and those for curl in cmd or bash. ")
                .markup(
                        commands.isLocal()
                                ? "If curl asks for a password, enter the text in the file <code>operator.token</code> in the agent's state directory."
                                : "Replace <code>" + Commands.USER + "</code> by your name in the agent's users file.")
                .markup("</p></section>");
    }

    private void card(Html html, VolumeReport report) {
        Volume volume = report.watched().volume();
        html.markup("<article class=\"" + report.assessment().verdict() + "\"><h3>")
                .code(volume.friendlyPath());
        html.markup("</h3>");
        if (!reading.names().isNamedByPath(volume)) {
            html.markup("<p>")
                    .code(volume.guidName())
                    .text(" on " + volume.resourceName())
                    .markup("</p>");
        }
        html.markup("<p>");
        state(html, report);
        String reason = report.assessment().reason();
        String step = report.assessment().nextStep().substring(reason.length()).strip();
        html.markup("</p><p>").text(reason);
        if (!step.isEmpty()) {
            html.markup("</p><p>").text(step);
        }
        String unsuccessful = reading.unsuccessful(last, report.watched());
        if (report.is(Verdict.CLEARABLE) && !unsuccessful.isEmpty()) {
            html.markup("</p><p><strong>").text(unsuccessful).markup("</strong>");
        }
        html.markup("</p><p class=\"note\">Owner: ").text(volume.ownerNode());
        html.text(". State read " + reading.ago(report.watched().lastRead()));
        Instant evidence = report.evidenceFrom();
        html.text(evidence == null ? "." : "; evidence seen " + reading.ago(evidence) + ".");
        html.markup("</p>");
        commands(html, report);
        html.markup("</article>");
    }

    /** Such as: CLEARABLE, IN_PROGRESS for 41 min, since 17:22:04, stale. A backup that runs for long is not called stale. */
    private void state(Html html, VolumeReport report) {
        WatchedVolume watched = report.watched();
        Verdict verdict = report.assessment().verdict();
        String state = watched.volume().backupState().toString();
        html.markup("<strong class=\"verdict " + verdict + "\">" + verdict + "</strong> ");
        html.text(watched.isReadable() ? state : "not readable; last state " + state);
        Instant since = watched.since();
        if (since != null) {
            html.text(verdict == Verdict.ACTIVE ? ", running for " : " for ");
            html.text(reading.age(since) + ", since " + reading.times().timeOn(reading.now(), since));
        }
        if (watched.stale() && verdict != Verdict.ACTIVE) {
            html.markup(", <strong class=\"stale\">stale</strong>");
        }
    }

    private void commands(Html html, VolumeReport report) {
        Volume volume = report.watched().volume();
        command(html, commands.test(volume, reading.names()));
        boolean clear = report.is(Verdict.CLEARABLE) && mayBeClearedByTheseCommands(html, volume);
        if (clear) {
            command(html, commands.clear(volume, reading.names()));
        }
        html.markup("<details><summary>with curl</summary>");
        command(html, commands.curlAssess(volume, reading.names()));
        if (clear) {
            command(html, commands.curlClear(volume, reading.names()));
        }
        html.markup("</details>");
    }

    /** The owner clears. Without a certificate each node has the same address for its own agent. */
    private boolean mayBeClearedByTheseCommands(Html html, Volume volume) {
        if (volume.ownerNode().equalsIgnoreCase(reading.snapshot().localNode())) {
            return true;
        }
        html.markup("<p>Clear it on ").text(volume.ownerNode());
        html.markup(
                commands.isLocal()
                        ? ", which owns it:</p>"
                        : ", which owns it: the page of its agent has the command.</p>");
        return commands.isLocal();
    }

    private static void command(Html html, String command) {
        html.markup("<pre><code>").text(command).markup("</code></pre>");
    }

    private void row(Html html, VolumeReport report) {
        html.markup("<li>").code(reading.name(report.watched().volume())).markup(" <span>");
        state(html, report);
        html.markup("</span> <span class=\"reason\">")
                .text(report.assessment().reason())
                .markup("</span></li>");
    }
}
