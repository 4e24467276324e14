package io.github.csvbackup.http.page;

import io.github.csvbackup.peer.PeerOutcome;
import io.github.csvbackup.peer.PeerStatus;
import java.time.Instant;
import java.util.List;

/**
 * What the agents of other nodes answered last.
 *
 * @param peers one for each other node; empty if none are asked
 */
record OtherAgents(Reading reading, List<PeerStatus> peers) {
    void write(Html html) {
        if (peers.isEmpty()) {
            return;
        }
        html.markup(
                        "<section><h2>Agents of other nodes</h2><p class=\"note\">This agent asks them while a backup state is")
                .markup(" set.</p><ul class=\"rows\">");
        for (PeerStatus peer : peers) {
            PeerOutcome outcome = peer.outcome();
            Instant at = peer.at();
            html.markup("<li>").code(peer.node()).markup(" <strong>");
            html.text(outcome == null ? "not asked" : outcome.counts() ? "answered" : "no answer that counts");
            html.markup("</strong> ").text(peer.said() + "." + (peer.remedy().isEmpty() ? "" : " " + peer.remedy()));
            if (at != null) {
                html.markup(" <span>").text(reading.past(at)).markup("</span>");
            }
            html.markup("</li>");
        }
        html.markup("</ul></section>");
    }
}
