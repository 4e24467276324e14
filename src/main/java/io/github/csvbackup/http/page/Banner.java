package io.github.csvbackup.http.page;

import io.github.csvbackup.clear.ClearCounts;
import io.github.csvbackup.cluster.Backend;
import io.github.csvbackup.cluster.BackupStateSupport;
import io.github.csvbackup.watch.Problem;
import io.github.csvbackup.watch.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The beginning of the page: the worst news, all other news, and the counts. */
final class Banner {
    private static final int MOST_NAMED = 3;
    /** A suspect clear is news for as long as its backup can be repeated before the next one. */
    private static final Duration SUSPECT_IS_NEWS_FOR = Duration.ofDays(1);

    private final Reading reading;
    private final Overview overview;
    private final ClearCounts clears;
    private final List<News> news = new ArrayList<>();

    Banner(Reading reading, Overview overview, ClearCounts clears, BackupStateSupport support) {
        this.reading = reading;
        this.overview = overview;
        this.clears = clears;
        ofTheCluster(reading.snapshot());
        ofStaleStates();
        ofUnreadableDisks();
        ofClears();
        ofOtherStates();
        if (news.isEmpty()) {
            news.add(
                    overview.volumes() == 0
                            ? news(News.Level.BUSY, "No Cluster Shared Volumes found.")
                            : news(News.Level.GOOD, "No backup state is set" + unverified(support) + "."));
        }
        news.sort(Comparator.comparing(News::level));
    }

    /** The title of the page, with the counts. */
    Html title(Backend backend) {
        String counts = overview.counts();
        String cluster = reading.snapshot().clusterName();
        return new Html()
                .text((backend == Backend.SIMULATED ? "SIMULATED - " : "")
                        + (reading.fresh() ? "" : "Cluster not read - ")
                        + (counts.isEmpty() ? "" : counts + " - ")
                        + (cluster.isEmpty() ? "" : cluster + " - ")
                        + "CSV backup agent");
    }

    void write(Html html) {
        html.markup("<section class=\"banner " + lower(news.get(0).level()) + "\"><h2>")
                .markup(news.get(0).text().toString())
                .markup("</h2>");
        if (news.size() > 1) {
            html.markup("<ul>");
            news.stream()
                    .skip(1)
                    .forEach(each -> html.markup("<li class=\"" + lower(each.level()) + "\">")
                            .markup(each.text().toString())
                            .markup("</li>"));
            html.markup("</ul>");
        }
        int volumes = overview.volumes();
        if (volumes > 0) {
            html.markup("<p>")
                    .text((volumes == 1 ? "1 volume: " : volumes + " volumes: ")
                            + overview.counts()
                            + (reading.fresh() ? "." : " when last read."))
                    .markup("</p>");
        }
        Instant last = reading.snapshot().lastSuccess();
        html.markup("<p>")
                .text(last == null ? "" : "Last read: " + reading.past(last) + ".")
                .markup("</p></section>");
    }

    private static String unverified(BackupStateSupport support) {
        return support == BackupStateSupport.UNVERIFIED ? ", but " + support.sentence() : "";
    }

    private static String lower(News.Level level) {
        return level.name().toLowerCase(Locale.ROOT);
    }

    private static News news(News.Level level, String text) {
        return new News(level, new Html().text(text));
    }

    private void ofTheCluster(Snapshot snapshot) {
        Problem problem = snapshot.pollError();
        String never = snapshot.lastSuccess() == null ? "The cluster has not been read yet. " : "";
        if (problem != null) {
            news.add(news(
                    News.Level.BAD, never + "The last poll failed: " + problem.message() + ". " + problem.remedy()));
        } else if (!never.isEmpty()) {
            news.add(news(News.Level.BAD, never + "Wait a moment."));
        } else if (!reading.fresh()) {
            news.add(news(
                    News.Level.BAD, "The cluster is not being read. Check the agent's log and the Cluster service."));
        }
    }

    private void ofStaleStates() {
        List<VolumeReport> clearable = new ArrayList<>();
        List<VolumeReport> tried = new ArrayList<>();
        for (VolumeReport report : overview.set(VolumeReport.Urgency.CLEARABLE)) {
            boolean first =
                    reading.unsuccessful(clears.last(), report.watched()).isEmpty();
            (first ? clearable : tried).add(report);
        }
        if (!tried.isEmpty()) {
            news.add(
                    new News(
                            News.Level.WARNING,
                            named(
                                    tried,
                                    "is stale, and its last clear did not help. Read its message before you repeat it",
                                    "are stale, and their last clears did not help. Read their messages before you repeat them")));
        }
        if (!clearable.isEmpty()) {
            news.add(new News(
                    News.Level.WARNING,
                    named(clearable, "is stale and can be cleared", "are stale and can be cleared")));
        }
        List<VolumeReport> stuck = overview.set(VolumeReport.Urgency.STUCK);
        if (!stuck.isEmpty()) {
            Instant earliest = stuck.get(0).assessment().earliestClear();
            String estimate = earliest == null
                    ? ""
                    : ", earliest about " + reading.times().about(reading.now(), earliest);
            news.add(new News(
                    News.Level.WARNING,
                    named(
                            stuck,
                            "is stale and cannot be cleared yet" + estimate,
                            "are stale and cannot be cleared yet")));
        }
    }

    private void ofUnreadableDisks() {
        int disks = reading.snapshot().unreadable().size();
        if (disks > 0) {
            news.add(news(
                    reading.snapshot().isBlind() ? News.Level.BAD : News.Level.WARNING,
                    disks == 1
                            ? "A shared disk cannot be read; its volumes may be missing."
                            : disks + " shared disks cannot be read; their volumes may be missing."));
        } else if (!overview.unread().isEmpty()) {
            int volumes = overview.unread().size();
            news.add(news(
                    News.Level.WARNING,
                    volumes == 1
                            ? "The state of a volume was not read."
                            : "The states of " + volumes + " volumes were not read."));
        }
    }

    private void ofClears() {
        long unfinished = clears.unfinished();
        if (unfinished > 0) {
            news.add(news(
                    News.Level.WARNING,
                    (unfinished == 1 ? "A clear was" : unfinished + " clears were")
                            + " interrupted and may have taken effect. See the agent's log or Get-CsvBackupAudit."));
        }
        Instant oldest = reading.now().minus(SUSPECT_IS_NEWS_FOR);
        for (Map.Entry<String, Instant> suspect : clears.last().suspect().entrySet()) {
            if (suspect.getValue().isAfter(oldest)) {
                news.add(new News(
                        News.Level.WARNING,
                        new Html()
                                .text("A backup began around a clear of ")
                                .code(suspect.getKey())
                                .text(". Check that backup job, and repeat it.")));
            }
        }
    }

    private void ofOtherStates() {
        List<VolumeReport> waiting = overview.set(VolumeReport.Urgency.WAITING);
        if (!waiting.isEmpty()) {
            news.add(new News(
                    News.Level.BUSY,
                    named(
                            waiting,
                            "has a backup state, which is not stale",
                            "have a backup state, which is not stale")));
        }
        List<VolumeReport> running = overview.set(VolumeReport.Urgency.RUNNING);
        if (!running.isEmpty()) {
            Instant since = running.get(0).watched().since();
            String soFar = since == null ? "" : ", for " + reading.age(since) + " so far";
            news.add(
                    new News(News.Level.BUSY, named(running, "has a running backup" + soFar, "have a running backup")));
        }
    }

    /** A sentence about volumes. */
    private Html named(List<VolumeReport> reports, String one, String many) {
        Html html = new Html();
        if (reports.size() == 1) {
            return html.code(name(reports.get(0))).text(" " + one + ".");
        }
        html.text(reports.size() + " volumes " + many + ": ");
        String separator = "";
        for (VolumeReport report : reports.subList(0, Math.min(MOST_NAMED, reports.size()))) {
            html.text(separator).code(name(report));
            separator = ", ";
        }
        int more = reports.size() - MOST_NAMED;
        return html.text(more > 0 ? " and " + more + " more." : ".");
    }

    private String name(VolumeReport report) {
        return reading.name(report.watched().volume());
    }
}
