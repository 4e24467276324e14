package io.github.csvbackup.http.page;

import io.github.csvbackup.clear.ClearTimes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The last clears: volume, time and outcome. Who cleared, and why, is in the audit alone. */
record LastClears(Reading reading) {
    private static final int MOST = 10;

    /**
     * The last clear of a volume with one outcome.
     *
     * @param volume empty: not on a volume
     */
    private record Clear(Instant at, String volume, String outcome) {}

    void write(Html html, ClearTimes times) {
        List<Clear> clears = newestFirst(times);
        if (clears.isEmpty()) {
            return;
        }
        html.markup("<section><h2>Last clears</h2><p class=\"note\">The last one of each volume and outcome. ")
                .markup("The audit has all of them.</p><ul class=\"rows\">");
        for (Clear clear : clears.subList(0, Math.min(MOST, clears.size()))) {
            html.markup("<li>");
            if (clear.volume().isEmpty()) {
                html.text("a path that is not on a volume");
            } else {
                html.code(clear.volume());
            }
            html.markup(" <strong>").text(clear.outcome()).markup("</strong> ");
            html.markup("<span>").text(reading.past(clear.at())).markup("</span></li>");
        }
        html.markup("</ul></section>");
    }

    private static List<Clear> newestFirst(ClearTimes times) {
        List<Clear> clears = new ArrayList<>();
        times.requests()
                .forEach((volume, byOutcome) ->
                        byOutcome.forEach((outcome, at) -> clears.add(new Clear(at, volume, outcome.name()))));
        times.suspect().forEach((volume, at) -> clears.add(new Clear(at, volume, "a backup began around the clear")));
        clears.sort(Comparator.comparing(Clear::at).reversed());
        return clears;
    }
}
