package io.github.csvbackup.http.page;

import io.github.csvbackup.guard.NodeSources;
import java.util.List;

/** What was last said of the services and shadow copies of each node, by whom and when. */
record SaidByNodes(Reading reading) {
    void write(Html html) {
        List<NodeSources> nodes = NodeSources.of(reading.snapshot(), reading.times(), reading.now());
        if (nodes.isEmpty()) {
            return;
        }
        html.markup("<section><details><summary>Evidence of each node</summary><ul class=\"rows\">");
        for (NodeSources node : nodes) {
            html.markup("<li>").code(node.node()).markup(" ");
            html.text(node.said() + "." + (node.remedy().isEmpty() ? "" : " " + node.remedy()))
                    .markup("</li>");
        }
        html.markup("</ul></details></section>");
    }
}
