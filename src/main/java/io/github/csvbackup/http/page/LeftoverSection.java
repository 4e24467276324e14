package io.github.csvbackup.http.page;

import io.github.csvbackup.cluster.DifferencingDisks;
import io.github.csvbackup.leftover.Leftover;
import io.github.csvbackup.leftover.LeftoverKind;
import io.github.csvbackup.leftover.Leftovers;
import io.github.csvbackup.watch.Problem;
import io.github.csvbackup.watch.WatchedVolume;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** What failed backups left behind: one box each, with the command to copy. */
record LeftoverSection(Reading reading, Leftovers leftovers) {
    /** More would make the page too large for a phone. */
    private static final int MOST = 20;

    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;

    void write(Html html) {
        List<Leftover> found = leftovers.found();
        Problem problem = leftovers.problem();
        if (found.isEmpty() && problem == null) {
            return;
        }
        html.markup("<section><h2>Left behind by failed backups</h2>");
        if (problem != null) {
            html.markup("<p>")
                    .text("This node could not be asked for what failed backups left behind: " + problem.message()
                            + ". " + problem.remedy())
                    .markup("</p>");
        }
        Instant asked = leftovers.lastSuccess();
        if (!found.isEmpty() && asked != null) {
            html.markup("<p class=\"note\">")
                    .text("On this node, as of " + reading.past(asked) + ". " + listed()
                            + " The agent never runs these commands.")
                    .markup("</p>");
        }
        found.stream().limit(MOST).forEach(leftover -> box(html, leftover));
        if (found.size() > MOST) {
            html.markup("<p>")
                    .text("And " + (found.size() - MOST) + " more: Get-CsvBackupLeftover lists all of them.")
                    .markup("</p>");
        }
        html.markup("</section>");
    }

    private String listed() {
        Instant listed = leftovers.copiesListed();
        return listed == null
                ? "Whether there are old shadow copies is not known, as the agent has no list of the last four days:"
                        + " Get-CsvShadowCopy lists them, and starts VSS for that."
                : "Shadow copies as of their last list, " + reading.past(listed) + ".";
    }

    private void box(Html html, Leftover leftover) {
        html.markup("<div class=\"group\"><h3>").code(volume(leftover)).markup("</h3><p>");
        html.markup("<strong>").text(name(leftover.kind())).markup("</strong>");
        String machine = leftover.machine();
        if (machine != null) {
            html.text(", machine ").code(machine);
        }
        Instant since = leftover.since();
        if (since != null) {
            html.text(since(leftover.kind()) + reading.times().timeOn(reading.now(), since) + " (" + reading.ago(since)
                    + ")");
        }
        html.text(".");
        DifferencingDisks disks = leftover.disks();
        if (disks != null && disks.files() > 0) {
            html.text(" Differencing disks of the machine: " + disks.files() + ", "
                    + (disks.complete() ? "" : "at least ") + size(disks.bytes()) + ".");
        }
        html.markup("</p><p>").text(leftover.advice()).markup("</p><pre><code>");
        html.text(leftover.command()).markup("</code></pre></div>");
    }

    private String volume(Leftover leftover) {
        return reading.snapshot()
                .volume(leftover.volume())
                .map(WatchedVolume::volume)
                .map(reading::name)
                .orElse(leftover.volume().guidName());
    }

    private static String name(LeftoverKind kind) {
        return switch (kind) {
            case CHECKPOINT -> "Recovery checkpoint";
            case NOT_MERGING -> "Disk merging is switched off";
            case STUCK_MACHINE -> "Seems to be backed up for too long";
            case SHADOW_COPY -> "Persistent shadow copy";
        };
    }

    private static String since(LeftoverKind kind) {
        return switch (kind) {
            case CHECKPOINT, SHADOW_COPY -> ", created ";
            case NOT_MERGING, STUCK_MACHINE -> ", seen so since ";
        };
    }

    private static String size(long bytes) {
        return bytes >= GIB
                ? String.format(Locale.ROOT, "%.1f GB", (double) bytes / GIB)
                : String.format(Locale.ROOT, "%d MB", (bytes + MIB - 1) / MIB);
    }
}
