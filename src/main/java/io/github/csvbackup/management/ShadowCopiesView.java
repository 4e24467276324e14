package io.github.csvbackup.management;

import io.github.csvbackup.clear.FoundShadowCopies;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.cluster.ShadowCopy;
import io.github.csvbackup.guard.NodeNames;
import io.github.csvbackup.text.Times;
import io.github.csvbackup.watch.NodeAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * The shadow copies of one volume on all nodes, as clients see them.
 *
 * @param volume friendly path, or the GUID name if several volumes share that path
 * @param copies oldest first
 * @param problems nodes that did not answer, or have an agent that only a clear asks and no earlier list, and what to do; empty if there is a
 *     list of all
 * @param lists each node whose list counts, or would: when it was made, and whether the node was asked for this answer
 * @param nodesAsked how many nodes were asked for this answer
 * @param at when the nodes were asked, ISO-8601 in UTC
 * @param atEpochMillis the same in milliseconds since 1970-01-01 UTC
 * @param ageSeconds how long before the request that was; 0 if the nodes were asked for this request
 * @param message number of copies, how many lists are earlier ones, and a note that the query has started the VSS service
 */
public record ShadowCopiesView(
        String volume,
        List<ShadowCopyView> copies,
        List<String> problems,
        List<ListedNodeView> lists,
        int nodesAsked,
        String at,
        long atEpochMillis,
        long ageSeconds,
        String message) {

    private static final String STARTED =
            "The query has started the VSS service on the nodes that were asked; it stops by itself after several minutes.";

    private static final String EARLIER =
            "This is the last answer: for readers the agent queries the nodes at most once in 15 minutes, because that starts their VSS service.";

    /** @param requested a reader may get an answer from before that */
    static ShadowCopiesView of(String name, FoundShadowCopies found, Instant requested, Instant now, Times times) {
        List<ShadowCopyView> copies = new ArrayList<>();
        List<ListedNodeView> lists = new ArrayList<>();
        found.answers().forEach((node, answer) -> {
            lists.add(ListedNodeView.of(node, true, answer, requested));
            addCopies(copies, name, found, node, answer, now);
        });
        found.known().forEach((node, answer) -> {
            lists.add(ListedNodeView.of(node, false, answer, requested));
            addCopies(copies, name, found, node, answer, now);
        });
        List<String> problems = lists.stream()
                .map(ListedNodeView::problem)
                .filter(Objects::nonNull)
                .toList();
        copies.sort(Comparator.comparingLong(ShadowCopyView::createdEpochMillis));
        String counted = copies.size() == 1 ? "1 shadow copy" : copies.size() + " shadow copies";
        boolean isEarlier = found.at().isBefore(requested);
        return new ShadowCopiesView(
                name,
                copies,
                problems,
                lists,
                found.answers().size(),
                CsvBackupState.text(found.at()),
                found.at().toEpochMilli(),
                isEarlier ? Duration.between(found.at(), requested).toSeconds() : 0,
                counted + " of this volume on " + (lists.size() - problems.size()) + " of "
                        + lists.size() + " nodes, at " + times.time(found.at()) + ". "
                        + notAsked(lists, times) + (isEarlier ? EARLIER : STARTED));
    }

    private static void addCopies(
            List<ShadowCopyView> copies,
            String name,
            FoundShadowCopies found,
            String node,
            NodeAnswer<ShadowCopies> answer,
            Instant now) {
        ShadowCopies listed = answer.value();
        if (listed == null) {
            return;
        }
        for (ShadowCopy copy : listed.copies()) {
            if (copy.volumeName().equalsIgnoreCase(found.volume().guidName())) {
                copies.add(ShadowCopyView.of(node, answer.source(), name, copy, now));
            }
        }
    }

    /** A sentence about the lists that are older than this answer; empty if there are none. */
    private static String notAsked(List<ListedNodeView> lists, Times times) {
        List<ListedNodeView> older = lists.stream()
                .filter(list -> !list.asked() && list.problem() == null)
                .toList();
        if (older.isEmpty()) {
            return "";
        }
        String nodes = NodeNames.of(older.stream().map(ListedNodeView::node).toList(), lists.size());
        String oldest = times.time(Instant.ofEpochMilli(
                older.stream().mapToLong(ListedNodeView::atEpochMillis).min().orElseThrow()));
        return older.size() == 1
                ? nodes + " was not asked, the clear asks its agent: its list is of " + oldest + ". "
                : "Not asked, as the clear asks their agents: " + nodes + ". Their lists are older, the oldest is of "
                        + oldest + ". ";
    }
}
