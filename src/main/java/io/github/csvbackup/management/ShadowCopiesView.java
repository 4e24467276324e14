package io.github.csvbackup.management;

import io.github.csvbackup.clear.FoundShadowCopies;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.text.Times;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The shadow copies of one volume on all nodes, as clients see them.
 *
 * @param volume friendly path, or the GUID name if several volumes share that path
 * @param copies oldest first
 * @param problems nodes that did not answer, and what to do; empty if all answered
 * @param message number of copies, and a note that the query has started the VSS service
 */
public record ShadowCopiesView(String volume, List<ShadowCopyView> copies, List<String> problems, String message) {

    static ShadowCopiesView of(String name, FoundShadowCopies found, Instant now, Times times) {
        List<ShadowCopyView> copies = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        found.answers().forEach((node, answer) -> {
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
                        .forEach(copy -> copies.add(ShadowCopyView.of(node, name, copy, now)));
            }
        });
        copies.sort(Comparator.comparingLong(ShadowCopyView::createdEpochMillis));
        String counted = copies.size() == 1 ? "1 shadow copy" : copies.size() + " shadow copies";
        return new ShadowCopiesView(
                name,
                copies,
                problems,
                counted + " of this volume on " + (found.answers().size() - problems.size()) + " of "
                        + found.answers().size()
                        + " nodes, at " + times.time(found.at())
                        + ". The query has started the VSS service on these nodes; it stops by itself after several minutes.");
    }
}
