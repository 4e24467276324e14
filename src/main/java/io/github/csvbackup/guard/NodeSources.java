package io.github.csvbackup.guard;

import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.text.Times;
import io.github.csvbackup.watch.NodeAnswer;
import io.github.csvbackup.watch.NodeWatch;
import io.github.csvbackup.watch.Problem;
import io.github.csvbackup.watch.ServiceWatch;
import io.github.csvbackup.watch.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was last said of a node's services and shadow copies, by whom and when. Pure.
 *
 * @param node the node's name
 * @param said one clause for each, with semicolons between them and no full stop
 * @param remedy what to do about a service that could not be read; empty if both could
 */
public record NodeSources(String node, String said, String remedy) {
    /** Those of all nodes; empty while no node is asked, because no state is set. */
    public static List<NodeSources> of(Snapshot snapshot, Times times, Instant now) {
        List<NodeSources> all = new ArrayList<>();
        for (Node node : snapshot.nodes()) {
            NodeWatch watch = snapshot.nodeWatches().get(node.name());
            if (watch != null) {
                all.add(new NodeSources(
                        node.name(),
                        String.join(
                                "; ",
                                service(Cluster.VSS, watch.vss(), times, now),
                                service(Cluster.SOFTWARE_PROVIDER, watch.softwareProvider(), times, now),
                                list(watch.shadowCopies(), times, now)),
                        remedy(watch)));
            }
        }
        return all;
    }

    private static String service(String name, ServiceWatch watch, Times times, Instant now) {
        NodeAnswer<ServiceStatus> answer = watch.last();
        if (answer == null) {
            return name + " was not checked";
        }
        ServiceStatus status = answer.value();
        Instant since = watch.stoppedSince();
        String seen = status == null
                ? " could not be read: " + problem(answer)
                : since == null
                        ? " is " + status.stateName()
                        : " was seen stopped at every check for "
                                + Times.duration(Duration.between(since, answer.at()));
        return name + seen + Told.by(answer, times, now);
    }

    private static String list(@Nullable NodeAnswer<ShadowCopies> answer, Times times, Instant now) {
        if (answer == null) {
            return "shadow copies were not listed";
        }
        ShadowCopies list = answer.value();
        int copies = list == null ? 0 : list.copies().size();
        return (list == null
                        ? "shadow copies could not be listed: " + problem(answer)
                        : copies == 0 ? "no shadow copy" : copies == 1 ? "1 shadow copy" : copies + " shadow copies")
                + Told.by(answer, times, now);
    }

    private static String remedy(NodeWatch watch) {
        for (ServiceWatch service : List.of(watch.vss(), watch.softwareProvider())) {
            NodeAnswer<ServiceStatus> answer = service.last();
            Problem problem = answer == null ? null : answer.problem();
            if (problem != null) {
                return problem.remedy();
            }
        }
        return "";
    }

    private static String problem(NodeAnswer<?> answer) {
        Problem problem = answer.problem();
        return problem == null ? "the node did not answer" : problem.message();
    }
}
