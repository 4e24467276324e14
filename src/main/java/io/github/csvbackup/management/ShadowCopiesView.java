package io.github.csvbackup.management;

import io.github.csvbackup.clear.FoundShadowCopies;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.text.Times;
import io.github.csvbackup.watch.NodeAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The shadow copies of one volume on all nodes, as clients see them.
 *
 * @param volume friendly path, or the GUID name if several volumes share that path
 * @param copies oldest first
 * @param problems nodes that did not answer, or have an agent that only a clear asks and no earlier list, and what to do; empty if there is a
 *     list of all
 * @param nodesAsked how many nodes were asked for this answer
 * @param at when the nodes were asked, ISO-8601 in UTC
 * @param atEpochMillis the same in milliseconds since 1970-01-01 UTC
 * @param ageSeconds how long before the request that was; 0 if the nodes were asked for this request
 * @param message number of copies, the nodes whose list is an earlier one, and a note that the query has started the VSS service
 */
public record ShadowCopiesView(
        String volume,
        List<ShadowCopyView> copies,
        List<String> problems,
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
        List<String> problems = new ArrayList<>();
        Map<String, NodeAnswer<ShadowCopies>> lists = new LinkedHashMap<>(found.answers());
        lists.putAll(found.known());
        lists.forEach((node, answer) -> {
            ShadowCopies listed = answer.value();
            if (listed == null) {
                problems.add(
                        answer.problem() == null
                                ? node + " did not answer."
                                : answer.problem().message() + ". "
                                        + answer.problem().remedy());
            } else {
                listed.copies().stream()
                        .filter(copy -> copy.volumeName()
                                .equalsIgnoreCase(found.volume().guidName()))
                        .forEach(copy -> copies.add(ShadowCopyView.of(node, answer.source(), name, copy, now)));
            }
        });
        StringBuilder known = new StringBuilder();
        found.known().forEach((node, answer) -> {
            if (answer.value() != null) {
                known.append(node + " was not asked, the clear asks its agent: its list is of "
                        + times.time(answer.at()) + ". ");
            }
        });
        copies.sort(Comparator.comparingLong(ShadowCopyView::createdEpochMillis));
        String counted = copies.size() == 1 ? "1 shadow copy" : copies.size() + " shadow copies";
        boolean isEarlier = found.at().isBefore(requested);
        return new ShadowCopiesView(
                name,
                copies,
                problems,
                found.answers().size(),
                CsvBackupState.text(found.at()),
                found.at().toEpochMilli(),
                isEarlier ? Duration.between(found.at(), requested).toSeconds() : 0,
                counted + " of this volume on " + (lists.size() - problems.size()) + " of "
                        + lists.size() + " nodes, at " + times.time(found.at()) + ". "
                        + known + (isEarlier ? EARLIER : STARTED));
    }
}
