package io.github.csvbackup.http.page;

import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.watch.WatchedVolume;
import java.util.List;

/** The volumes without a backup state. */
record IdleVolumes(Reading reading) {
    private static final int MOST_UNFOLDED = 20;

    void write(Html html, List<WatchedVolume> idle) {
        if (idle.isEmpty()) {
            return;
        }
        boolean folded = idle.size() > MOST_UNFOLDED;
        String count = idle.size() == 1 ? "1 volume" : idle.size() + " volumes";
        html.markup(folded ? "<section><details><summary><h2>" : "<section><h2>")
                .text(count + (reading.fresh() ? " without a backup state" : " without a backup state when last read"))
                .markup(folded ? "</h2></summary>" : "</h2>")
                .markup("<ul class=\"rows\">");
        for (WatchedVolume watched : idle) {
            Volume volume = watched.volume();
            html.markup("<li>").code(volume.friendlyPath());
            if (!reading.names().isNamedByPath(volume)) {
                html.text(" ").code(volume.guidName()).text(" on " + volume.resourceName());
            }
            html.markup(" <strong class=\"verdict IDLE\">IDLE</strong> <span>")
                    .text(volume.ownerNode())
                    .markup("</span></li>");
        }
        html.markup(folded ? "</ul></details></section>" : "</ul></section>");
    }
}
